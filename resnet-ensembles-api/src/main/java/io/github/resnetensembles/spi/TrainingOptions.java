package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.network.BatchNormMode;

/**
 * How a backend opens a network for training.
 *
 * @param model device, precision, threads
 * @param batchNorm {@link BatchNormMode#TRAIN} to normalise with each batch's statistics and to
 *     update the running ones, {@link BatchNormMode#EVAL} to use the running ones and leave them
 * @param batchNormMomentum the share m of the batch in (1 - m) · running + m · batch, in [0, 1], as
 *     PyTorch means it
 */
public record TrainingOptions(
    ModelOptions model, BatchNormMode batchNorm, double batchNormMomentum) {
  /**
   * Checks the momentum.
   *
   * @param model device, precision, threads
   * @param batchNorm which statistics
   * @param batchNormMomentum the share of the batch
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  public TrainingOptions {
    Require.present("model", model);
    Require.present("batchNorm", batchNorm);
    if (!(batchNormMomentum >= 0 && batchNormMomentum <= 1)) {
      throw new InvalidInputException(
          "BatchNorm's momentum lies in [0, 1], got " + batchNormMomentum);
    }
  }
}
