/** Paths: counting, listing, ranking and drawing them. */
@NullMarked
package io.github.resnetensembles.internal.path;

import org.jspecify.annotations.NullMarked;
