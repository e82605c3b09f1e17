package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Require;

/** What listeners are told of a step. */
record StepReport(
    long step,
    long totalSteps,
    int epoch,
    int epochs,
    int images,
    double loss,
    double errorRate,
    double learningRate,
    double imagesPerSecond,
    double secondsLeft)
    implements TrainingListener.Step {
  StepReport {
    Require.atLeast(1, "step", step);
    Require.atLeast(1, "totalSteps", totalSteps);
    Require.atLeast(1, "epoch", epoch);
    Require.atLeast(1, "epochs", epochs);
    Require.atLeast(1, "images", images);
    loss = Require.notNegative("loss", loss);
    errorRate = Require.share("errorRate", errorRate);
    learningRate = Require.finiteAtLeastZero("learningRate", learningRate);
    imagesPerSecond = Require.notNegative("imagesPerSecond", imagesPerSecond);
    secondsLeft = Require.notNegative("secondsLeft", secondsLeft);
  }
}
