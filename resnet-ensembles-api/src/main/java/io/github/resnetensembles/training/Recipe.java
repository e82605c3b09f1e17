package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.MappedBy;

/** A recipe whose settings are all within their ranges. */
@MappedBy(RecipeJson.class)
record Recipe(
    int epochs,
    int batchSize,
    LearningRate learningRate,
    double momentum,
    boolean nesterov,
    double weightDecay,
    double clipNorm,
    double labelSmoothing,
    Augmentation augmentation,
    TrainingWiring wiring,
    TrainedLengths lengths,
    DroppedBlocks droppedBlocks,
    double batchNormMomentum,
    long seed)
    implements TrainingRecipe {
  Recipe {
    Require.present("learningRate", learningRate);
    Require.present("augmentation", augmentation);
    Require.present("wiring", wiring);
    Require.present("lengths", lengths);
    Require.present("droppedBlocks", droppedBlocks);
    require(epochs >= 1 && epochs <= 1_000_000, "epochs", "1 to 1000000", epochs);
    require(batchSize >= 2 && batchSize <= 65536, "the batch size", "2 to 65536", batchSize);
    require(momentum >= 0 && momentum < 1, "momentum", "in [0, 1)", momentum);
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weight decay",
        "finite and at least 0",
        weightDecay);
    require(clipNorm > 0, "the clip norm", "positive", clipNorm);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", "in [0, 1)", labelSmoothing);
    require(
        batchNormMomentum >= 0 && batchNormMomentum <= 1,
        "BatchNorm's momentum",
        "in [0, 1]",
        batchNormMomentum);
    momentum = Numbers.unsignedZero(momentum);
    weightDecay = Numbers.unsignedZero(weightDecay);
    labelSmoothing = Numbers.unsignedZero(labelSmoothing);
    batchNormMomentum = Numbers.unsignedZero(batchNormMomentum);
  }

  private static void require(boolean inRange, String what, String range, Number value) {
    if (!inRange) {
      throw new InvalidInputException(what + " must be " + range + ", got " + value);
    }
  }
}
