package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Numbers;
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
