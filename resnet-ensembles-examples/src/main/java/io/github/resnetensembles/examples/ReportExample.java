package io.github.resnetensembles.examples;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Backends;
import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ImageSets;
import io.github.resnetensembles.Report;
import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.Training;
import io.github.resnetensembles.TrainingResult;
import io.github.resnetensembles.examples.plots.ReportPage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network is trained, and a page is made of what a few studies of it gave. */
public final class ReportExample {
  private ReportExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if there is no place for the page
   */
  public static void main(String[] args) throws IOException {
    run(System.out, Files.createTempDirectory("report"), 4000);
  }

  static void run(PrintStream out, Path folder, int images) {
    ImageSet train = ImageSets.builtIn(ImageSets.Split.TRAIN).limit(images);
    ImageSet test = ImageSets.builtIn().limit(100);
    TrainingResult training = Training.of(Architecture.resnet(20)).run(train, test);
    // region guide
    try (ResidualModel model = Backends.load().open(training.weights())) {
      Report report =
          Report.of(
              training, // if you have it
              model.lesions().deleteEachBlock().run(test),
              model.lesions().deleteRandom(1, 4).draws(10).seed(42).run(test),
              model.lesions().swapRandom(1, 3).draws(10).seed(42).run(test),
              model.gradients().exact().run(test.batch(32)),
              model.verify(test.batch(8)));
      ReportPage.of(report).writeTo(folder);
    }
    out.println(folder.resolve("report.html"));
    // endregion
  }
}
