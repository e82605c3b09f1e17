/**
 * The tensors of a network, from files that are not trusted, from memory or from a seed: begin with
 * {@link io.github.resnetensembles.weights.Weights}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.weights;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
