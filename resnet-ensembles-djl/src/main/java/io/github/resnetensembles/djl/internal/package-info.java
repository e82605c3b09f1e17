/** The implementation; not part of the API. */
@NullMarked
package io.github.resnetensembles.djl.internal;

import org.jspecify.annotations.NullMarked;
