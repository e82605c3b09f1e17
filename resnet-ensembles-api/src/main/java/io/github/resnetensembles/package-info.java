/**
 * Takes residual networks apart: lesion studies, wirings and their reports, after Veit, Wilber and
 * Belongie, "Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (NIPS 2016).
 *
 * <p>Begin with {@link io.github.resnetensembles.model.ResidualModel}, which opens {@link
 * io.github.resnetensembles.weights.Weights} and runs every study on {@link
 * io.github.resnetensembles.images.ImageSet images}; each package says where to go on. This one
 * holds what all of them share: exceptions, options and progress.
 *
 * <p>Blocks are numbered from 1. Shapes are written (N, C, H, W). Error rates lie in [0, 1]. Losses
 * are mean cross-entropies in nats. Values (lesions, wirings, plans, reports, architectures) are
 * immutable and safe to share between threads; a {@link
 * io.github.resnetensembles.model.ResidualModel} owns native memory and is closed.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
