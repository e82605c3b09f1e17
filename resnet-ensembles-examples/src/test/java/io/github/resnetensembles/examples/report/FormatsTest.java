package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.examples.GoldenFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.TrainingRecipe;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JSON that a report's folder holds keeps its bytes. */
class FormatsTest {
  @Test
  void descriptionOfATraining() throws IOException {
    Architecture architecture = Architecture.resnet(8);
    ImageSet images = ImageSets.builtIn().limit(20);
    TrainingTask task =
        new TrainingTask(
            architecture, TrainingRecipe.quick(), images, images.range(5, 10), List.of());
    Engine engine =
        new Engine(
            Backends.load("reference"),
            ModelOptions.defaults().withPrecision(Precision.FLOAT64),
            50,
            "0.1.0",
            List.of(),
            Pieces.here());
    GoldenFiles.check("report-training.json", task.description(engine));
  }
}
