package io.github.resnetensembles.training;

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
    Require.atLeast(1, "epoch", epoch);
    Require.atLeast(1, "steps", steps);
    learningRate = Require.finiteAtLeastZero("learningRate", learningRate);
    trainingLoss = Require.notNegative("trainingLoss", trainingLoss);
    trainingErrorRate = Require.share("trainingErrorRate", trainingErrorRate);
    Require.atLeast(1, "total", total);
    Require.between(0, total, "wrong", wrong);
    loss = Require.notNegative("loss", loss);
  }

  @Override
  public double errorRate() {
    return (double) wrong / total;
  }
}
