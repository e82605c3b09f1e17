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
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;

/** Reordering blocks. */
final class ReorderSection {
  /** About so many bins show a trend and still hold enough rows each. */
  private static final int BINS = 8;

  private static final String TAU = "Kendall's tau with the trained order";
  private static final double[] WIDTHS = {0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1};

  record Reordering(String label, LesionReport report, List<CurvePoint> means)
      implements LabelledStudy {
    static List<Reordering> all(Networks networks) {
      return networks
          .studies(Study.REORDER)
          .map(of -> new Reordering(of.label(), of.result(), means(of.result())))
          .toList();
    }

    /** The rows that do reorder blocks. */
    List<LesionRow> reordered() {
      return reordered(report);
    }

    private static List<LesionRow> reordered(LesionReport report) {
      return report.rows().stream().filter(row -> row.kendallTau().orElse(1) < 1).toList();
    }

    /** Over bins; none where there are too few images for statistics. */
    static List<CurvePoint> means(LesionReport report) {
      try {
        return report.statistics().curveByKendallTau(width(taus(reordered(report))));
      } catch (InvalidInputException e) {
        return List.of();
      }
    }

    Series boxes() {
      double width = width(taus(reordered()));
      return new Series(
          label,
          Mark.BOXES,
          reordered().stream()
              .map(
                  row -> {
                    double bin = Math.floor(row.kendallTau().orElseThrow() / width);
                    return Points.percent((bin + 0.5) * width, row.errorRate());
                  })
              .toList());
    }

    String description() {
      List<LesionRow> reordered = reordered();
      int identities = report.rows().size() - reordered.size();
      String left =
          identities == 0
              ? ""
              : " (%s, which %s every block in its place, left out)"
                  .formatted(identities + " more", identities == 1 ? "leaves" : "leave");
      if (reordered.isEmpty()) {
        return "%s: no order but the intact one was drawn.".formatted(label);
      }
      DoubleSummaryStatistics taus = taus(reordered);
      DoubleSummaryStatistics errors =
          reordered.stream().mapToDouble(LesionRow::errorRate).summaryStatistics();
      return ("%s: %s, %s%s, with Kendall's tau from %s to %s, errors from %s to %s, mean %s;"
              + " intact %s.")
          .formatted(
              label,
              Say.count(reordered.size(), "drawn order"),
              DamageCurve.distinct(reordered) + " distinct",
              left,
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
      of.means().forEach(point -> rows.add(row(of, point)));
      if (!of.means().isEmpty()) {
        rows.add(intact(of));
      }
    }
    draft.say(
        ("The paper's claim is that the error rises smoothly as the order departs from"
                + " the trained one (figure 5b). In the authors' network of 54 blocks the"
                + " median error is %s of blocks swapped.")
            .formatted(Published.medians("permute_by_pairs", "pair", 1, 5, 10)));
    List<Reordering> reordered = reordered(reports);
    if (!reordered.isEmpty()) {
      draft.add(figure(reordered));
      draft.add(draws(reordered));
    }
    if (!rows.isEmpty()) {
      draft.add(
          new ReportTable(
              "reorder-means",
              "Mean error by Kendall's tau",
              List.of("network", "mean tau", "draws", "distinct", "mean error (%)", "low", "high"),
              rows));
    }
    Published.compare(draft, "reorder-published", reports);
  }

  static Optional<Figure> figure(Networks networks) {
    List<Reordering> reordered = reordered(Reordering.all(networks));
    return reordered.isEmpty() ? Optional.empty() : Optional.of(figure(reordered));
  }

  private static List<Reordering> reordered(List<Reordering> reports) {
    return reports.stream().filter(of -> !of.reordered().isEmpty()).toList();
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
                    .map(
                        point ->
                            new Point(
                                point.at(),
                                Say.toPercent(point.errorRate().value()),
                                point.interval().map(Points::percent)))
                    .toList()));
      }
      series.add(new Series(of.label() + ", each order", Mark.POINTS, points(of.reordered())));
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
    List<Series> series = new ArrayList<>(reports.stream().map(Reordering::boxes).toList());
    reports.stream().flatMap(of -> Published.medians(of).stream()).limit(1).forEach(series::add);
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

  private static List<Cell> row(Reordering of, CurvePoint point) {
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(of.label()));
    row.add(Cells.number(point.at()));
    row.add(Cells.integer(point.draws()));
    row.add(Cells.integer(point.distinct()));
    row.addAll(Cells.percents(point.errorRate().value(), point.interval()));
    return row;
  }

  /** The order that there was, on the images of the others. */
  private static List<Cell> intact(Reordering of) {
    List<Cell> row =
        new ArrayList<>(
            List.of(Cells.words(of.label()), Cells.integer(1), Cells.integer(1), Cells.integer(1)));
    row.addAll(Cells.percents(SingleDeletions.errorRate(of.report().baseline())));
    return row;
  }

  private static List<Point> points(List<LesionRow> rows) {
    return rows.stream()
        .map(row -> Points.percent(row.kendallTau().orElseThrow(), row.errorRate()))
        .toList();
  }

  private static DoubleSummaryStatistics taus(List<LesionRow> rows) {
    return rows.stream().mapToDouble(row -> row.kendallTau().orElseThrow()).summaryStatistics();
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
