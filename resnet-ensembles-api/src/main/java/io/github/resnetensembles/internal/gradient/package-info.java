/** Gradients by path length: sweeps over the SPI, and what follows from their results. */
@NullMarked
package io.github.resnetensembles.internal.gradient;

import org.jspecify.annotations.NullMarked;
