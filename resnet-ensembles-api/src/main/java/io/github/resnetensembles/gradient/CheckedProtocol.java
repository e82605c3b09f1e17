package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A protocol whose settings go together. */
@JsonForm(fields = "*measurement place batchNorm tolerance maxLength? seed parameters precision?")
record CheckedProtocol(
    GradientMeasurement measurement,
    GradientPlace place,
    BatchNormMode batchNorm,
    double tolerance,
    OptionalInt maxLength,
    long seed,
    boolean parameters,
    OptionalDouble precision)
    implements GradientProtocol {
  CheckedProtocol {
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
          ("a single path is measured whatever its length, got a largest length of %s:"
                  + " leave it out")
              .formatted(maxLength.getAsInt()));
    }
    if (!sums && tolerance > 0) {
      throw new InvalidInputException(
          "only exact sums drop lengths by a tolerance, got " + tolerance + ": leave it at 0");
    }
    tolerance = Numbers.unsignedZero(tolerance);
  }
}
