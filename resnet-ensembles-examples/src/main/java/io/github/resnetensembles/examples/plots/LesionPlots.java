package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Pictures of lesion studies, in percent of wrong images: error per deleted block, error against
 * the number of blocks (mean and quartiles), error against Kendall's tau, or error per lesion,
 * whichever the rows are about. The intact network is a dashed line.
 */
public final class LesionPlots {
  private LesionPlots() {}

  /**
   * Draws reports in one picture; joined plans have one panel each, below each other.
   *
   * @param reports at least one
   * @return the picture
   * @throws InvalidInputException if a report has no rows, or the reports are about different
   *     things
   */
  public static Picture picture(List<LabelledReport> reports) {
    List<List<LabelledReport>> plans = byPlan(reports);
    return new Picture(
        plans.size() == 1
            ? chart(plans.get(0))
            : new Panels("Lesions", plans.stream().map(LesionPlots::chart).toList()));
  }

  /**
   * Draws into a file.
   *
   * @param file a PNG or SVG file by its ending
   * @param reports at least one
   * @throws InvalidInputException as {@link #picture} does, or if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, List<LabelledReport> reports) {
    picture(reports).writeTo(file);
  }

  /** For each of the plans that the reports join, what the reports say of it. */
  static List<List<LabelledReport>> byPlan(List<LabelledReport> reports) {
    List<List<LabelledReport>> plans = new ArrayList<>();
    for (LabelledReport labelled : reports) {
      List<LesionReport> parts = labelled.report().byPlan();
      if (plans.isEmpty()) {
        parts.forEach(part -> plans.add(new ArrayList<>()));
      }
      if (plans.size() != parts.size()) {
        throw new InvalidInputException(
            "results of "
                + plans.size()
                + " and of "
                + parts.size()
                + " joined plans do not fit into one picture; draw them one by one");
      }
      for (int i = 0; i < parts.size(); i++) {
        plans.get(i).add(new LabelledReport(labelled.label(), parts.get(i)));
      }
    }
    return plans.isEmpty() ? List.of(List.of()) : plans;
  }

  static Chart<?, ?> chart(List<LabelledReport> reports) {
    Curve curve = curve(reports);
    List<LabelledReport> distinct = distinctLabels(reports);
    String title = title(curve, distinct);
    return curve == Curve.LESIONS
        ? NamedLesionsChart.of(title, distinct)
        : CurveChart.of(curve, title, distinct);
  }

  /** The error in percent. */
  static double percent(LesionRow row) {
    return 100.0 * row.wrong() / row.total();
  }

  /** The largest error in percent of all rows and baselines. */
  static double largestError(List<LabelledReport> reports) {
    return reports.stream()
        .map(LabelledReport::report)
        .flatMap(report -> Stream.concat(Stream.of(report.baseline()), report.rows().stream()))
        .mapToDouble(LesionPlots::percent)
        .max()
        .orElse(0);
  }

  private static Curve curve(List<LabelledReport> reports) {
    if (reports.isEmpty()) {
      throw new InvalidInputException("nothing to draw: give at least one result");
    }
    for (LabelledReport labelled : reports) {
      if (labelled.report().rows().isEmpty()) {
        throw new InvalidInputException(
            "nothing to draw: the result of " + labelled.label() + " has no rows");
      }
    }
    LabelledReport first = reports.get(0);
    Curve curve = Curve.of(first.report());
    for (LabelledReport other : reports) {
      boolean alike =
          Curve.of(other.report()) == curve
              && (curve != Curve.LESIONS || names(other).equals(names(first)));
      if (!alike) {
        throw new InvalidInputException(
            "results of different studies do not fit into one picture: "
                + first.label()
                + " is about '"
                + curve.title()
                + "', "
                + other.label()
                + " about '"
                + Curve.of(other.report()).title()
                + "' or other lesions; draw them one by one");
      }
    }
    return curve;
  }

  /** The rows' lesions by name. */
  static List<String> names(LabelledReport labelled) {
    return labelled.report().rows().stream().map(row -> row.lesion().toString()).toList();
  }

  private static String title(Curve curve, List<LabelledReport> reports) {
    LesionReport first = reports.get(0).report();
    boolean oneDataSet =
        reports.stream()
            .map(LabelledReport::report)
            .allMatch(
                report ->
                    report.provenance().dataSha256().equals(first.provenance().dataSha256())
                        && report.baseline().total() == first.baseline().total());
    boolean complete = reports.stream().allMatch(labelled -> labelled.report().complete());
    String title = curve.title();
    if (oneDataSet) {
      title += ": " + first.provenance().data() + ", " + first.baseline().total() + " images";
    }
    return complete ? title : title + " (incomplete)";
  }

  private static List<LabelledReport> distinctLabels(List<LabelledReport> reports) {
    Map<String, Integer> seen = new HashMap<>();
    List<LabelledReport> distinct = new ArrayList<>();
    for (LabelledReport labelled : reports) {
      int count = seen.merge(labelled.label(), 1, Integer::sum);
      distinct.add(
          count == 1
              ? labelled
              : new LabelledReport(labelled.label() + " [" + count + "]", labelled.report()));
    }
    return distinct;
  }
}
