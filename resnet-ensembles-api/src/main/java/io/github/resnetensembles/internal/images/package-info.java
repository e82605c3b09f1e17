/** Readers and generators of image sets. */
@NullMarked
package io.github.resnetensembles.internal.images;

import org.jspecify.annotations.NullMarked;
