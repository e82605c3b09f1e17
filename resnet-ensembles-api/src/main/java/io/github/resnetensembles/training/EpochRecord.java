package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.OptionalDouble;

/**
 * What one epoch of training did.
 *
 * @param epoch from 1
 * @param steps training steps since the start
 * @param learningRate of the epoch's last step
 * @param trainingLoss the mean loss of the epoch's images as they were trained on, in nats: before
 *     each step, label smoothing included
 * @param trainingErrorRate the fraction of these images whose prediction was wrong, in [0, 1]
 * @param wrong the wrong predictions on the test images after the epoch
 * @param total the test images
 * @param loss the mean cross-entropy on the test images, in nats; empty if one image's was not
 *     finite
 */
@JsonForm(
    fields = "epoch steps learningRate trainingLoss trainingErrorRate wrong total errorRate loss")
public record EpochRecord(
    int epoch,
    long steps,
    double learningRate,
    double trainingLoss,
    double trainingErrorRate,
    int wrong,
    int total,
    OptionalDouble loss) {
  /**
   * Checks the components.
   *
   * @param epoch from 1
   * @param steps training steps since the start
   * @param learningRate of the epoch's last step
   * @param trainingLoss the mean loss of the epoch's images as they were trained on
   * @param trainingErrorRate the fraction of these images whose prediction was wrong
   * @param wrong the wrong predictions on the test images after the epoch
   * @param total the test images
   * @param loss the mean cross-entropy on the test images
   * @throws IllegalArgumentException if a number is out of its range
   */
  public EpochRecord {
    Require.present("loss", loss);
    Require.atLeast(1, "epoch", epoch);
    Require.atLeast(1, "steps", steps);
    Require.finiteAtLeastZero("learningRate", learningRate);
    Require.notNegative("trainingLoss", trainingLoss);
    Require.share("trainingErrorRate", trainingErrorRate);
    Require.atLeast(1, "total", total);
    Require.between(0, total, "wrong", wrong);
    loss.ifPresent(value -> Require.notNegative("loss", value));
    learningRate = Numbers.unsignedZero(learningRate);
    trainingLoss = Numbers.unsignedZero(trainingLoss);
    trainingErrorRate = Numbers.unsignedZero(trainingErrorRate);
    loss = Numbers.unsignedZero(loss);
  }

  /** {@return wrong / total: the error rate on the test images, in [0, 1]} */
  public double errorRate() {
    return (double) wrong / total;
  }
}
