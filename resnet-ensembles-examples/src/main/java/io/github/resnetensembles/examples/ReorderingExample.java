package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.statistics.RankCorrelation;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/**
 * Blocks are reordered inside their stages: how does the error go with the distance from the
 * trained order? Without a weight file of your own the network is untrained.
 */
public final class ReorderingExample {
  private ReorderingExample() {}

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
      ImageSet images = ImageSets.builtIn().limit(50);

      // region guide
      LesionReport order = model.lesions().swapRandom(1, 4).draws(10).seed(42).run(images);
      LesionStatistics statistics = order.statistics();
      for (CurvePoint point : statistics.curveByKendallTau(0.05)) { // bins of tau
        out.println(point.at() + ": " + point.draws() + " orders, " + point.errorRate());
      }
      out.println("Spearman: " + statistics.rankCorrelation(RankCorrelation.SPEARMAN));
      // endregion
    }
  }
}
