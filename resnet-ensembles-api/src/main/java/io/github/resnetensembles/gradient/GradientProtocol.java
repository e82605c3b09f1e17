package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.RecordBuilder;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a gradient by path length is measured. The loss is the mean cross-entropy over the batch. An
 * immutable value; {@link #toBuilder()} changes it.
 */
public sealed interface GradientProtocol permits CheckedProtocol {
  /** {@return exact sums of all lengths at y_0, BatchNorm in eval mode} */
  static GradientProtocol defaults() {
    return new CheckedProtocol(
        new GradientMeasurement.ExactSums(),
        GradientPlace.STEM_OUTPUT,
        BatchNormMode.EVAL,
        0,
        OptionalInt.empty(),
        0,
        false,
        OptionalDouble.empty());
  }

  /** {@return what is measured} */
  GradientMeasurement measurement();

  /** {@return where} */
  GradientPlace place();

  /** {@return the statistics that BatchNorm normalises with} */
  BatchNormMode batchNorm();

  /**
   * {@return the tolerance of exact sums: at each block the largest lengths are dropped whose norm
   * is below this, times the norm of the gradient there; a length once dropped stays dropped}
   */
  double tolerance();

  /** {@return the largest length that is measured; empty for all} */
  OptionalInt maxLength();

  /** {@return the seed of random paths and signs} */
  long seed();

  /** {@return whether the gradient of each block's parameters is measured too, for each length} */
  boolean parameters();

  /**
   * {@return the share of its mean that the 95 % interval of every length that carries at least a
   * thousandth of the weight reaches to each side at most: the run stops after the first batches
   * for which it does; empty to run all batches. Such a stop favours batches that happen to agree,
   * so that these intervals cover 90 to 94 % (simulated)}
   */
  OptionalDouble precision();

  /** {@return a builder that starts from this protocol} */
  default Builder toBuilder() {
    return RecordBuilder.of(Builder.class, this);
  }

  /**
   * A protocol in the making. Immutable: every setting returns a changed copy, and throws {@link
   * InvalidInputException} where a number is out of its range, parameters or a tolerance are asked
   * for with single paths, or a largest length with one path.
   */
  interface Builder {
    /**
     * Sets what is measured.
     *
     * @param measurement the new one
     * @return the changed copy
     */
    Builder measurement(GradientMeasurement measurement);

    /**
     * Sets where it is measured.
     *
     * @param place the new one
     * @return the changed copy
     */
    Builder place(GradientPlace place);

    /**
     * Sets the statistics that BatchNorm normalises with.
     *
     * @param batchNorm the new ones
     * @return the changed copy
     */
    Builder batchNorm(BatchNormMode batchNorm);

    /**
     * Sets the tolerance below which the largest lengths are dropped.
     *
     * @param tolerance in [0, 1)
     * @return the changed copy
     */
    Builder tolerance(double tolerance);

    /**
     * Sets the largest length that is measured.
     *
     * @param maxLength at least 0
     * @return the changed copy
     */
    Builder maxLength(int maxLength);

    /**
     * Sets the seed of random paths and signs.
     *
     * @param seed any
     * @return the changed copy
     */
    Builder seed(long seed);

    /**
     * Sets whether the gradient of each block's parameters is measured too.
     *
     * @param parameters whether it is
     * @return the changed copy
     */
    Builder parameters(boolean parameters);

    /**
     * Sets the precision at which a run stops.
     *
     * @param precision above 0 and finite
     * @return the changed copy
     */
    Builder precision(double precision);

    /** {@return the protocol} */
    GradientProtocol build();
  }
}
