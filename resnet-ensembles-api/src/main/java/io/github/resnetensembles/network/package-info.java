/**
 * What a residual network is, without its weights: begin with {@link
 * io.github.resnetensembles.network.Architecture}. Blocks are numbered from 1, shapes are (C, H,
 * W). A {@link io.github.resnetensembles.network.Wiring} says how the blocks are connected for one
 * evaluation.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.network;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
