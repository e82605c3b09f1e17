package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
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

  /**
   * One training step.
   *
   * @param step from 1, since the start
   * @param totalSteps of the whole training
   * @param epoch from 1
   * @param epochs of the whole training
   * @param images in the batch
   * @param loss the batch's mean loss before the step, in nats
   * @param errorRate the fraction of the epoch's images so far whose prediction was wrong
   * @param learningRate of the step
   * @param imagesPerSecond in this run so far
   * @param secondsLeft for the remaining steps at this speed
   */
  record Step(
      long step,
      long totalSteps,
      int epoch,
      int epochs,
      int images,
      double loss,
      double errorRate,
      double learningRate,
      double imagesPerSecond,
      double secondsLeft) {
    /**
     * Checks the components.
     *
     * @param step from 1
     * @param totalSteps of the whole training
     * @param epoch from 1
     * @param epochs of the whole training
     * @param images in the batch
     * @param loss the batch's mean loss before the step
     * @param errorRate the fraction of the epoch's images so far whose prediction was wrong
     * @param learningRate of the step
     * @param imagesPerSecond in this run so far
     * @param secondsLeft for the remaining steps at this speed
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Step {
      Require.atLeast(1, "step", step);
      Require.atLeast(1, "totalSteps", totalSteps);
      Require.atLeast(1, "epoch", epoch);
      Require.atLeast(1, "epochs", epochs);
      Require.atLeast(1, "images", images);
      Require.notNegative("loss", loss);
      Require.share("errorRate", errorRate);
      Require.finiteAtLeastZero("learningRate", learningRate);
      Require.notNegative("imagesPerSecond", imagesPerSecond);
      Require.notNegative("secondsLeft", secondsLeft);
      loss = Numbers.unsignedZero(loss);
      errorRate = Numbers.unsignedZero(errorRate);
      learningRate = Numbers.unsignedZero(learningRate);
      imagesPerSecond = Numbers.unsignedZero(imagesPerSecond);
      secondsLeft = Numbers.unsignedZero(secondsLeft);
    }
  }
}
