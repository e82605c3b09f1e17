package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;

/** A user of the library who has never heard of signals. */
final class PlainProgram {
  private PlainProgram() {}

  public static void main(String[] args) {
    ResidualModel model =
        ResidualModel.open(
            Backends.load("djl"), Weights.initialised(Architecture.of("resnet-20"), 1));
    RunOptions options =
        RunOptions.defaults()
            .withBatchSize(4)
            .withListener(
                progress -> {
                  if (progress.images() >= 8) {
                    System.out.println("working");
                  }
                });
    LesionReport unused =
        model
            .lesions()
            .plan(LesionPlan.deletePairs())
            .options(options)
            .run(ImageSets.builtIn(ImageSets.Split.TEST));
  }
}
