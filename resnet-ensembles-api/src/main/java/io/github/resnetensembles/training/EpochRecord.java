package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.RecordBuilder;
import java.util.OptionalDouble;

/** What one epoch of training did. An immutable value; {@link #toBuilder()} changes it. */
public sealed interface EpochRecord permits TrainedEpoch {
  /**
   * An epoch after which one test image was evaluated, and was right; all else is 0.
   *
   * @param epoch from 1
   * @param steps training steps since the start, at least 1
   * @return the builder
   * @throws IllegalArgumentException if a number is out of its range
   */
  static Builder builder(int epoch, long steps) {
    return new TrainedEpoch(epoch, steps, 0, 0, 0, 0, 1, OptionalDouble.empty()).toBuilder();
  }

  /** {@return the epoch's number, from 1} */
  int epoch();

  /** {@return the training steps since the start} */
  long steps();

  /** {@return the learning rate of the epoch's last step} */
  double learningRate();

  /**
   * {@return the mean loss of the epoch's images as they were trained on, in nats: before each
   * step, label smoothing included}
   */
  double trainingLoss();

  /** {@return the fraction of these images whose prediction was wrong, in [0, 1]} */
  double trainingErrorRate();

  /** {@return the wrong predictions on the test images after the epoch} */
  int wrong();

  /** {@return the test images} */
  int total();

  /**
   * {@return the mean cross-entropy on the test images, in nats; empty if one image's was not
   * finite}
   */
  OptionalDouble loss();

  /** {@return wrong / total: the error rate on the test images, in [0, 1]} */
  double errorRate();

  /** {@return a builder that starts from this epoch} */
  default Builder toBuilder() {
    return RecordBuilder.of(Builder.class, this);
  }

  /**
   * An epoch in the making. Immutable: every setting returns a changed copy, and throws an {@link
   * IllegalArgumentException} if a number is out of its range.
   */
  interface Builder {
    /**
     * Sets the epoch's number.
     *
     * @param epoch from 1
     * @return the changed copy
     */
    Builder epoch(int epoch);

    /**
     * Sets the training steps since the start.
     *
     * @param steps at least 1
     * @return the changed copy
     */
    Builder steps(long steps);

    /**
     * Sets the learning rate of the epoch's last step.
     *
     * @param learningRate finite and at least 0
     * @return the changed copy
     */
    Builder learningRate(double learningRate);

    /**
     * Sets the mean loss of the epoch's images as they were trained on.
     *
     * @param trainingLoss in nats, not negative
     * @return the changed copy
     */
    Builder trainingLoss(double trainingLoss);

    /**
     * Sets the fraction of these images whose prediction was wrong.
     *
     * @param trainingErrorRate in [0, 1]
     * @return the changed copy
     */
    Builder trainingErrorRate(double trainingErrorRate);

    /**
     * Sets the wrong predictions on the test images.
     *
     * @param wrong from 0 to their number
     * @return the changed copy
     */
    Builder wrong(int wrong);

    /**
     * Sets the number of test images.
     *
     * @param total at least 1, and as many as are wrong
     * @return the changed copy
     */
    Builder total(int total);

    /**
     * Sets the mean cross-entropy on the test images.
     *
     * @param loss in nats, not negative; empty if one image's was not finite
     * @return the changed copy
     */
    Builder loss(OptionalDouble loss);

    /** {@return the epoch} */
    EpochRecord build();
  }
}
