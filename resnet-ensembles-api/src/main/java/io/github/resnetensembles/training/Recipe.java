package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.spi.Optimizer;

/** A recipe whose settings are all within their ranges. */
@MappedBy(RecipeJson.class)
@JsonForm(
    fields =
        "epochs batchSize learningRate *optimizer clipNorm labelSmoothing augmentation wiring"
            + " lengths droppedBlocks batchNormMomentum seed")
record Recipe(
    int epochs,
    int batchSize,
    LearningRate learningRate,
    Optimizer optimizer,
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
    Require.present("optimizer", optimizer);
    Require.present("augmentation", augmentation);
    Require.present("wiring", wiring);
    Require.present("lengths", lengths);
    Require.present("droppedBlocks", droppedBlocks);
    require(epochs >= 1 && epochs <= 1_000_000, "epochs", "1 to 1000000", epochs);
    require(batchSize >= 2 && batchSize <= 65536, "the batch size", "2 to 65536", batchSize);
    require(clipNorm > 0, "the clip norm", "positive", clipNorm);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", "in [0, 1)", labelSmoothing);
    require(
        batchNormMomentum >= 0 && batchNormMomentum <= 1,
        "BatchNorm's momentum",
        "in [0, 1]",
        batchNormMomentum);
    labelSmoothing = Numbers.unsignedZero(labelSmoothing);
    batchNormMomentum = Numbers.unsignedZero(batchNormMomentum);
  }

  private static void require(boolean inRange, String what, String range, Number value) {
    if (!inRange) {
      throw new InvalidInputException(what + " must be " + range + ", got " + value);
    }
  }
}
