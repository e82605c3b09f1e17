/**
 * Training, with stochastic depth, with some blocks or with some path lengths, and BatchNorm's
 * statistics estimated anew: begin with {@link io.github.resnetensembles.training.Training} and
 * {@link io.github.resnetensembles.training.RecalibrationStudy}.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.training;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
