package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.training.TrainingWiring;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network is trained with stochastic depth, then taken apart. */
public final class TrainingExample {
  private TrainingExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if there is no place for checkpoints
   */
  public static void main(String[] args) throws IOException {
    run(System.out, Files.createTempDirectory("training"), 4000);
  }

  static void run(PrintStream out, Path folder, int images) {
    // region readme
    TrainingRecipe recipe =
        TrainingRecipe.quick().toBuilder()
            .wiring(TrainingWiring.stochasticDepth(0.5)) // linearly decaying survival
            .build();
    ImageSet test = ImageSets.builtIn().limit(200);
    TrainingResult result =
        Training.of(Architecture.resnet(8))
            .recipe(recipe)
            .out(folder) // checkpoints; resume() continues from the newest
            .run(ImageSets.builtIn(ImageSets.Split.TRAIN).limit(images), test);
    out.println("error " + result.last().errorRate());

    try (ResidualModel model = ResidualModel.open(result.weights())) {
      LesionReport each = model.lesions().deleteEachBlock().run(test);
      each.rows().forEach(row -> out.println(row.lesion() + ": " + row.wrong() + " wrong"));
    }
    // endregion
  }
}
