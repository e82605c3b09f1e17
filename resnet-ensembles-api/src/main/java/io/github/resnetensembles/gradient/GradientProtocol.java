package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a gradient by path length is measured. The loss is the mean cross-entropy over the batch.
 *
 * @param measurement what is measured
 * @param place where
 * @param batchNorm the statistics that BatchNorm normalises with
 * @param tolerance of exact sums: at each block the largest lengths are dropped whose norm is below
 *     this, times the norm of the gradient there; a length once dropped stays dropped. At least 0
 * @param maxLength only lengths up to this one are measured; empty for all
 * @param seed of random paths and signs
 * @param parameters whether the gradient of each block's parameters is measured too, for each
 *     length
 * @param precision the run stops after the first batches for which the 95 % interval of every
 *     length that carries at least a thousandth of the weight reaches no further than this share of
 *     its mean to each side; such a stop favours batches that happen to agree, so that these
 *     intervals cover 90 to 94 % (simulated); empty to run all batches
 */
@JsonForm(fields = "*measurement place batchNorm tolerance maxLength? seed parameters precision?")
public record GradientProtocol(
    GradientMeasurement measurement,
    GradientPlace place,
    BatchNormMode batchNorm,
    double tolerance,
    OptionalInt maxLength,
    long seed,
    boolean parameters,
    OptionalDouble precision) {
  /**
   * Checks the ranges.
   *
   * @param measurement what is measured
   * @param place where
   * @param batchNorm the statistics that BatchNorm normalises with
   * @param tolerance below which lengths are dropped
   * @param maxLength the largest length
   * @param seed of random paths and signs
   * @param parameters whether the gradient of parameters is measured
   * @param precision at which a run stops
   * @throws InvalidInputException if a number is out of range, parameters or a tolerance are asked
   *     for with single paths, or a largest length with one path
   */
  public GradientProtocol {
    Require.present("measurement", measurement);
    Require.present("place", place);
    Require.present("batchNorm", batchNorm);
    Require.present("maxLength", maxLength);
    Require.present("precision", precision);
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new InvalidInputException(
          "the tolerance is a share of the gradient's norm, from 0 to below 1, got " + tolerance);
    }
    if (maxLength.isPresent() && maxLength.getAsInt() < 0) {
      throw new InvalidInputException(
          "the largest length is at least 0, got " + maxLength.getAsInt());
    }
    if (precision.isPresent()
        && !(precision.getAsDouble() > 0 && Double.isFinite(precision.getAsDouble()))) {
      throw new InvalidInputException(
          "the precision is a share of the mean, above 0 and finite, got "
              + precision.getAsDouble());
    }
    boolean sums =
        measurement instanceof GradientMeasurement.ExactSums
            || measurement instanceof GradientMeasurement.RandomSigns;
    if (!sums && parameters) {
      throw new InvalidInputException(
          "the gradient of parameters by length is a sum over paths: measure it with exact()");
    }
    if (measurement instanceof GradientMeasurement.SinglePath && maxLength.isPresent()) {
      throw new InvalidInputException(
          "a single path is measured whatever its length, got a largest length of "
              + maxLength.getAsInt()
              + ": leave it out");
    }
    if (!sums && tolerance > 0) {
      throw new InvalidInputException(
          "only exact sums drop lengths by a tolerance, got " + tolerance + ": leave it at 0");
    }
    tolerance = Numbers.unsignedZero(tolerance);
  }

  /** {@return exact sums of all lengths at y_0, BatchNorm in eval mode} */
  public static GradientProtocol defaults() {
    return new GradientProtocol(
        new GradientMeasurement.ExactSums(),
        GradientPlace.STEM_OUTPUT,
        BatchNormMode.EVAL,
        0,
        OptionalInt.empty(),
        0,
        false,
        OptionalDouble.empty());
  }
}
