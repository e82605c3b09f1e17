package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/** A curve that is as precise as asked for, whatever number of draws and images that takes. */
public final class SequentialExample {
  private SequentialExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Weights weights = Weights.pretrained("preresnet-20");
    try (ResidualModel model = ResidualModel.open(weights)) {
      ImageSet images = ImageSets.builtIn().limit(200);

      // region guide
      SequentialReport result =
          model.lesions().deleteRandom(1, 3).seed(42).untilWidth(0.1).run(images);
      for (CurvePoint point : result.points()) {
        out.println(point.at() + " deleted: " + point.errorRate());
      }
      out.println(result.end() + " at " + result.report().cost() + ", " + result.rounds());
      // endregion
    }
  }
}
