package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Mean errors of studies that designed themselves, beside those of draws on all images. */
final class SequentialFigure {
  private SequentialFigure() {}

  static Optional<Figure> of(Networks networks) {
    List<Series> series = new ArrayList<>();
    List<Level> levels = new ArrayList<>();
    List<Of<SequentialReport>> curves =
        networks.results(SequentialReport.class).stream()
            .filter(of -> !of.result().design().shapley())
            .toList();
    curves.forEach(
        of -> {
          String label = label(of.label(), of.result().report(), "until precise enough");
          List<Point> points =
              of.result().points().stream()
                  .map(point -> Points.percent(point.at(), point.errorRate()))
                  .toList();
          series.add(new Series(label, Mark.LINE, points));
          levels.add(Points.intact(label, of.result().report().baseline().errorRate()));
        });
    if (series.isEmpty()) {
      return Optional.empty();
    }
    Predicate<LesionReport> same =
        curves.get(0).result().report().rows().stream().allMatch(SequentialFigure::deletes)
            ? report -> report.rows().stream().allMatch(SequentialFigure::deletes)
            : report -> report.rows().stream().noneMatch(SequentialFigure::deletes);
    networks.results(LesionReport.class).stream()
        .filter(of -> of.result().rows().stream().allMatch(row -> row.planned().k().isPresent()))
        .filter(of -> same.test(of.result()))
        .forEach(
            of -> {
              DamageCurve curve = DamageCurve.of(of, false);
              String label = label(of.label(), of.result(), "all images for each draw");
              series.add(new Series(label, Mark.LINE, curve.series().points()));
            });
    return Optional.of(
        new Figure(
            "sequential-means",
            "Mean error, until its intervals were narrow enough",
            "Lines of the mean error over k, with 95 % intervals: "
                + String.join("; ", series.stream().map(SequentialFigure::ends).toList())
                + ".",
            Axis.linear("k"),
            Points.errorAxis(),
            series,
            levels));
  }

  /** Shapley values of studies that designed themselves. */
  static Optional<Figure> shapley(Networks networks) {
    List<Series> series = new ArrayList<>();
    for (Of<SequentialReport> of : networks.results(SequentialReport.class)) {
      List<Point> points = new ArrayList<>();
      of.result().shapley().forEach((block, value) -> points.add(Points.percent(block, value)));
      if (!points.isEmpty()) {
        String label = label(of.label(), of.result().report(), "until precise enough");
        series.add(new Series(label, Mark.POINTS, points));
      }
    }
    if (series.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Figure(
            "sequential-block-values",
            "What each block contributes, until intervals were narrow enough",
            "Points of the Shapley value of each block, with 95 % intervals: "
                + String.join("; ", series.stream().map(SequentialFigure::ends).toList())
                + ".",
            Axis.linear("block"),
            Axis.linear("contribution (points of accuracy)"),
            series,
            List.of()));
  }

  private static boolean deletes(LesionRow row) {
    return row.lesion().deletedBlocks().isPresent();
  }

  private static String label(String network, LesionReport report, String how) {
    return "%s, %s".formatted(DamageCurve.label(network, report), how);
  }

  private static String ends(Series series) {
    Point first = series.points().get(0);
    Point last = series.points().get(series.points().size() - 1);
    return "%s from %s %% to %s %%"
        .formatted(series.label(), Say.number(first.y()), Say.number(last.y()));
  }
}
