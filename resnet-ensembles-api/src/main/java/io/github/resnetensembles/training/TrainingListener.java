package io.github.resnetensembles.training;

import java.nio.file.Path;

/**
 * Is told what happens in a training. All methods do nothing unless overridden. Calls come one
 * after the other, from the thread that trains; an exception thrown here stops the training and
 * reaches the caller.
 *
 * <p>Implemented by users.
 */
public interface TrainingListener {
  /** {@return a listener that does nothing} */
  static TrainingListener none() {
    return SilentListener.INSTANCE;
  }

  /**
   * Called after every step.
   *
   * @param step what it did
   */
  default void onStep(Step step) {}

  /**
   * Called after every epoch, once its record and checkpoint are written.
   *
   * @param epoch what it did
   */
  default void onEpoch(EpochRecord epoch) {}

  /**
   * Called when a checkpoint is in place.
   *
   * @param file where
   */
  default void onCheckpoint(Path file) {}

  /**
   * Called when training goes on although something is not as it should be, or is not what was
   * asked for: a damaged checkpoint was passed over, there was nothing to resume.
   *
   * @param message one line
   */
  default void onNotice(String message) {}

  /** One training step. Implemented by this library alone. */
  sealed interface Step permits StepReport {
    /** {@return its number, from 1, since the start} */
    long step();

    /** {@return the steps of the whole training} */
    long totalSteps();

    /** {@return its epoch, from 1} */
    int epoch();

    /** {@return the epochs of the whole training} */
    int epochs();

    /** {@return the images in the batch} */
    int images();

    /** {@return the batch's mean loss before the step, in nats} */
    double loss();

    /** {@return the fraction of the epoch's images so far whose prediction was wrong} */
    double errorRate();

    /** {@return the learning rate of the step} */
    double learningRate();

    /** {@return the images trained a second in this run so far} */
    double imagesPerSecond();

    /** {@return the seconds for the remaining steps at this speed} */
    double secondsLeft();
  }
}
