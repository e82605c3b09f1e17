package io.github.resnetensembles.examples;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.examples.plots.FigurePlot;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.MetricPoint;
import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which deletions matter beyond chance, and a figure of one's own with their intervals. */
public final class StatisticsExample {
  private StatisticsExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if there is no place for the figure
   */
  public static void main(String[] args) throws IOException {
    run(System.out, Files.createTempDirectory("figures"));
  }

  static void run(PrintStream out, Path folder) {
    ImageSet images = ImageSets.builtIn().limit(200);
    LesionReport each;
    // region tests
    try (ResidualModel model = ResidualModel.open(Weights.pretrained("preresnet-20"))) {
      each = model.lesions().deleteEachBlock().run(images);
    }
    for (PairedTest test : each.statistics().pairedTests()) { // on the same images
      out.println(
          test.planned().lesion()
              + (" lost " + test.lost() + " and won " + test.won() + " images")
              + (", p " + test.pValue() + ", for all rows " + test.holm()));
    }
    // endregion

    // region figure
    List<Figure.Point> points = new ArrayList<>();
    for (LesionRow row : each.rows()) { // an error rate and its 95 % interval
      points.add(Figure.Point.of(points.size() + 1, each.statistics().errorRate(row)));
    }
    Figure figure =
        new Figure(
            "my-deletions",
            "Deleting one block of preresnet-20",
            "Error rates without each of nine blocks, with 95 % intervals, on 200 images.",
            Figure.Axis.linear("deleted block"),
            Figure.Axis.linear("error rate"),
            List.of(new Figure.Series("one block deleted", Figure.Mark.POINTS, points)),
            List.of(new Figure.Level("intact", each.baseline().errorRate())));
    FigurePlot.write(folder.resolve("my-deletions.svg"), figure); // or .png
    out.println(figure.toCsv());
    // endregion

    // region metric
    Measures.Metric probability = // that the network gives the image's class
        (logits, label) ->
            1 / Arrays.stream(logits).map(logit -> Math.exp(logit - logits[label])).sum();
    try (ResidualModel model = ResidualModel.open(Weights.pretrained("preresnet-20"))) {
      LesionReport many =
          model
              .lesions()
              .deleteRandom(1, 3)
              .draws(5)
              .metric("probability", probability)
              .run(images);
      for (MetricPoint point : many.statistics().metricCurve("probability")) {
        out.println(point.at() + " deleted: mean probability " + point.mean().value());
      }
      Evaluation intact =
          model.evaluate(images, RunOptions.defaults(), Measures.none().withImageValues(true));
      double[] margins = intact.row().imageValues().orElseThrow().marginValues();
      out.println("smallest margin " + Arrays.stream(margins).min().orElseThrow());
    }
    // endregion
  }
}
