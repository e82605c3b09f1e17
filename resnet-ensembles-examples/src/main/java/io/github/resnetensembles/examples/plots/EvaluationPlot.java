package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** A picture of one evaluation: the error of each class, that of all images as a dashed line. */
public final class EvaluationPlot {
  private static final int MAX_DATA = 60;

  private EvaluationPlot() {}

  /**
   * Draws an evaluation.
   *
   * @param evaluation the counts
   * @return the picture
   */
  public static Picture picture(Evaluation evaluation) {
    return new Picture(chart(evaluation));
  }

  /**
   * Draws into a file.
   *
   * @param file a PNG or SVG file by its ending
   * @param evaluation the counts
   * @throws InvalidInputException as {@link #picture} does, or if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, Evaluation evaluation) {
    picture(evaluation).writeTo(file);
  }

  /** Names of data are names of files, which may be long. */
  private static String brief(String data) {
    return data.codePointCount(0, data.length()) <= MAX_DATA
        ? data
        : data.substring(0, data.offsetByCodePoints(0, MAX_DATA)) + "…";
  }

  static CategoryChart chart(Evaluation evaluation) {
    List<Integer> classes = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    List<Integer> totals = evaluation.row().classTotals();
    for (int i = 0; i < totals.size(); i++) {
      classes.add(i);
      double wrong = evaluation.row().classWrong().get(i);
      errors.add(totals.get(i) == 0 ? 0 : 100 * wrong / totals.get(i));
    }
    String network =
        evaluation.provenance().architecture().name()
            + (evaluation.provenance().trained() ? "" : " (untrained)");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(
                "Error by class: "
                    + brief(evaluation.provenance().data())
                    + ", "
                    + evaluation.total()
                    + " images")
            .xAxisTitle("class (number); dashed: all classes")
            .yAxisTitle(Look.ERROR_AXIS)
            .build();
    double all = 100 * evaluation.errorRate();
    Look.apply(chart, errors.stream().reduce(all, Math::max));
    chart.addSeries(network, classes, errors).setFillColor(Look.fill(0));
    chart.addAnnotation(new AnnotationLine(all, false, false));
    return chart;
  }
}
