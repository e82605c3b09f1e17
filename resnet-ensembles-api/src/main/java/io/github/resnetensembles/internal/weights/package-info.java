/** Readers and writers of weight files, and initialisation. */
@NullMarked
package io.github.resnetensembles.internal.weights;

import org.jspecify.annotations.NullMarked;
