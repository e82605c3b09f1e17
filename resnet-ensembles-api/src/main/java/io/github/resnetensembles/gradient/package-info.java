/**
 * Gradients by path length: begin with {@link io.github.resnetensembles.gradient.GradientProbe} and
 * {@link io.github.resnetensembles.gradient.PathGradients}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.gradient;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
