package io.github.resnetensembles.examples;

import io.github.resnetensembles.examples.plots.ReportPage;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network is trained, and what a few studies of it give becomes a page. */
public final class ReportExample {
  private ReportExample() {}

  /**
   * Trains the network and runs the example.
   *
   * @param args none
   * @throws IOException if there is no place for the page
   */
  public static void main(String[] args) throws IOException {
    ImageSet train = ImageSets.builtIn(ImageSets.Split.TRAIN).limit(4000);
    TrainingResult training =
        Training.of(Architecture.resnet(20)).run(train, ImageSets.builtIn().limit(500));
    run(System.out, Files.createTempDirectory("report"), training.weights());
  }

  static void run(PrintStream out, Path folder, Weights weights) {
    // region guide
    ImageSet images = ImageSets.builtIn().limit(100);
    try (ResidualModel model = ResidualModel.open(weights)) {
      Report report =
          Report.of(
              model.lesions().deleteEachBlock().run(images),
              model.lesions().deleteRandom(1, 4).draws(5).seed(42).run(images),
              model.lesions().swapRandom(1, 3).draws(5).seed(42).run(images),
              model.gradients().exact().run(images.batch(16)),
              model.verify(images.batch(8)));
      ReportPage.of(report).writeTo(folder);
    }
    out.println(folder.resolve("report.html"));
    // endregion
  }
}
