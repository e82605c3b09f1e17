package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/** Reordering blocks. */
final class ReorderSection {
  /** About so many bins show a trend and still hold enough rows each. */
  private static final int BINS = 8;

  private static final String TAU = "Kendall's tau with the trained order";
  private static final double[] WIDTHS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

  record Reordering(String label, LesionReport report, List<CurvePoint> means)
      implements LabelledStudy {
    static List<Reordering> all(Networks networks) {
      return networks
          .studies(Study.REORDER)
          .map(of -> new Reordering(of.label(), of.result(), means(of.result())))
          .toList();
    }

    /** Over bins; none where there are too few images for statistics. */
    static List<CurvePoint> means(LesionReport report) {
      try {
        return report.statistics().curveByKendallTau(width(taus(report)));
      } catch (InvalidInputException e) {
        return List.of();
      }
    }

    Series boxes() {
      double width = width(taus(report));
      return new Series(
          label,
          Mark.BOXES,
          report.rows().stream()
              .map(
                  row -> {
                    double bin = Math.floor(row.kendallTau().orElseThrow() / width);
                    return Points.percent((bin + 0.5) * width, row.errorRate());
                  })
              .toList());
    }

    String description() {
      DoubleSummaryStatistics taus = taus(report);
      DoubleSummaryStatistics errors =
          report.rows().stream().mapToDouble(LesionRow::errorRate).summaryStatistics();
      return ("%s: %s with Kendall's tau from %s to %s, errors from %s to %s, mean %s;"
              + " intact %s.")
          .formatted(
              label,
              Say.count(report.rows().size(), "order"),
              Say.format("%.3f", taus.getMin()),
              Say.format("%.3f", taus.getMax()),
              Say.percent(errors.getMin()),
              Say.percent(errors.getMax()),
              Say.percent(errors.getAverage()),
              Say.percent(report.baseline().errorRate()));
    }
  }

  private ReorderSection() {}

  static void write(Networks networks, Draft draft) {
    List<Reordering> reports = Reordering.all(networks);
    if (reports.isEmpty()) {
      return;
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Reordering of : reports) {
      draft.say(
          of.description()
              + DamageCurve.rankCorrelation(of.report())
                  .map(
                      rho ->
                          " Spearman's rank correlation of error and tau is %s."
                              .formatted(Say.number(rho)))
                  .orElse(""));
      of.means().forEach(point -> rows.add(row(of, point.at(), point.draws(), point.errorRate())));
      if (!of.means().isEmpty()) {
        rows.add(row(of, 1, 1, SingleDeletions.errorRate(of.report().baseline())));
      }
    }
    draft.say(
        ("The paper's claim is that the error rises smoothly as the order departs from"
                + " the trained one (figure 5b). In the authors' network of 54 blocks the"
                + " median error is %s of blocks swapped.")
            .formatted(Published.medians("permute_by_pairs", "pair", 1, 5, 10)));
    draft.add(figure(reports));
    draft.add(draws(reports));
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

  static Optional<Figure> figure(Networks networks) {
    List<Reordering> reports = Reordering.all(networks);
    return reports.isEmpty() ? Optional.empty() : Optional.of(figure(reports));
  }

  private static Figure figure(List<Reordering> reports) {
    List<Series> series = new ArrayList<>();
    for (Reordering of : reports) {
      if (!of.means().isEmpty()) {
        series.add(
            new Series(
                of.label() + ", mean",
                Mark.LINE,
                of.means().stream()
                    .map(point -> Points.percent(point.at(), point.errorRate()))
                    .toList()));
      }
      series.add(new Series(of.label() + ", each order", Mark.POINTS, points(of.report())));
    }
    return new Figure(
        "reorder",
        "Error of reordered blocks",
        ("Points of the error over Kendall's rank correlation with the trained order"
                + " (1: as trained), with lines of the mean over bins and 95 %% intervals. %s")
            .formatted(String.join(" ", reports.stream().map(Reordering::description).toList())),
        Axis.linear(TAU),
        Points.errorAxis(),
        series,
        Points.intact(reports));
  }

  /** All orders of a bin as one box, in its middle: the paper's figure 5b. */
  private static Figure draws(List<Reordering> reports) {
    List<Series> series = reports.stream().map(Reordering::boxes).toList();
    return new Figure(
        "reorder-draws",
        "Error of each order",
        "Boxes of the errors of single orders over Kendall's tau, in bins. "
            + Points.boxes(reports),
        Axis.linear(TAU),
        Points.errorAxis(),
        series,
        Points.intact(reports));
  }

  private static List<Cell> row(Reordering of, double tau, int orders, Estimate errorRate) {
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(of.label()));
    row.add(Cells.number(tau));
    row.add(Cells.integer(orders));
    row.addAll(Cells.percents(errorRate));
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
