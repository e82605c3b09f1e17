/** Implementations behind the public interfaces; nothing here is public API. */
@NullMarked
package io.github.resnetensembles.internal;

import org.jspecify.annotations.NullMarked;
