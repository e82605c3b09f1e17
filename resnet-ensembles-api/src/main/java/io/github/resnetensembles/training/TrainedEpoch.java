package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.OptionalDouble;

/** What one epoch of training did. */
@JsonForm(
    fields = "epoch steps learningRate trainingLoss trainingErrorRate wrong total errorRate loss")
record TrainedEpoch(
    int epoch,
    long steps,
    double learningRate,
    double trainingLoss,
    double trainingErrorRate,
    int wrong,
    int total,
    OptionalDouble loss)
    implements EpochRecord {
  TrainedEpoch {
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

  @Override
  public double errorRate() {
    return (double) wrong / total;
  }
}
