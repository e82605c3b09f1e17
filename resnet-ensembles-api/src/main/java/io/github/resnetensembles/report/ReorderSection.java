package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/** Reordering blocks. */
final class ReorderSection {
  /** About so many bins show a trend and still hold enough rows each. */
  private static final int BINS = 8;

  private static final double[] WIDTHS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

  private record Reordering(String label, LesionReport report) implements LabelledStudy {}

  private ReorderSection() {}

  static void write(Networks networks, Draft draft) {
    List<Reordering> reports =
        networks.studies(Study.REORDER).map(of -> new Reordering(of.label(), of.result())).toList();
    if (reports.isEmpty()) {
      return;
    }
    List<Series> series = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    List<Level> levels = new ArrayList<>();
    List<List<Cell>> rows = new ArrayList<>();
    for (Reordering of : reports) {
      LesionReport report = of.report();
      DoubleSummaryStatistics taus = taus(report);
      DoubleSummaryStatistics errors = errors(report);
      String seen =
          of.label()
              + ": "
              + Say.count(report.rows().size(), "order")
              + " with Kendall's tau from "
              + Say.format("%.3f", taus.getMin())
              + " to "
              + Say.format("%.3f", taus.getMax())
              + ", errors from "
              + Say.percent(errors.getMin())
              + " to "
              + Say.percent(errors.getMax())
              + ", mean "
              + Say.percent(errors.getAverage())
              + "; intact "
              + Say.percent(report.baseline().errorRate())
              + ".";
      descriptions.add(seen);
      draft.say(
          seen
              + DamageCurve.rankCorrelation(report)
                  .map(
                      rho ->
                          " Spearman's rank correlation of error and tau is "
                              + Say.number(rho)
                              + ".")
                  .orElse(""));
      List<CurvePoint> means = report.statistics().curveByKendallTau(width(taus));
      if (!means.isEmpty()) {
        series.add(
            new Series(
                of.label() + ", mean",
                Mark.LINE,
                means.stream()
                    .map(point -> Points.percent(point.at(), point.errorRate()))
                    .toList()));
        means.forEach(point -> rows.add(row(of.label(), point)));
      }
      series.add(new Series(of.label() + ", each order", Mark.POINTS, points(report)));
      levels.add(Points.intact(of.label(), report.baseline().errorRate()));
    }
    draft.say(
        "The paper's claim is that the error rises smoothly as the order departs from the trained"
            + " one (figure 5b). In the authors' network of 54 blocks the median error is "
            + Published.medians("permute_by_pairs", "pair", 1, 5, 10)
            + " of blocks swapped.");
    draft.add(
        new Figure(
            "reorder",
            "Error of reordered blocks",
            "Points of the error over Kendall's rank correlation with the trained order (1: as"
                + " trained), with lines of the mean over bins and 95 % intervals. "
                + String.join(" ", descriptions),
            Axis.linear("Kendall's tau with the trained order"),
            Axis.linear(Points.ERROR),
            series,
            levels));
    if (!rows.isEmpty()) {
      draft.add(
          new ReportTable(
              "reorder-means",
              "Mean error by Kendall's tau",
              List.of("network", "mean tau", "orders", "mean error (%)", "low", "high"),
              rows));
    }
    Published.compare(draft, "reorder-published", reports);
  }

  private static List<Cell> row(String label, CurvePoint point) {
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(label));
    row.add(Cells.number(point.at()));
    row.add(Cells.integer(point.draws()));
    row.addAll(Cells.percents(point.errorRate()));
    return row;
  }

  private static List<Point> points(LesionReport report) {
    return report.rows().stream()
        .map(row -> Points.percent(row.kendallTau().orElseThrow(), row.errorRate()))
        .toList();
  }

  private static DoubleSummaryStatistics taus(LesionReport report) {
    return report.rows().stream()
        .mapToDouble(row -> row.kendallTau().orElseThrow())
        .summaryStatistics();
  }

  private static DoubleSummaryStatistics errors(LesionReport report) {
    return report.rows().stream().mapToDouble(LesionRow::errorRate).summaryStatistics();
  }

  private static double width(DoubleSummaryStatistics taus) {
    double wanted = (taus.getMax() - taus.getMin()) / BINS;
    for (double width : WIDTHS) {
      if (width >= wanted) {
        return width;
      }
    }
    return 1;
  }
}
