package io.github.resnetensembles.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.lesion.MetricPoint;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.result.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Metrics of the user's own: of each, one figure for all studies that have the same axis. */
final class MetricFigures {
  /** Studies that can share a figure. */
  private record Kind(String metric, String axis) {}

  private record Drawn(Kind kind, Series series, Level intact) {}

  private MetricFigures() {}

  static List<Figure> of(List<Of<Result>> results) {
    List<Drawn> drawn = new ArrayList<>();
    for (Of<Result> of : results) {
      if (of.result() instanceof LesionReport report) {
        report
            .baseline()
            .metrics()
            .forEach((metric, intact) -> drawn.add(drawn(of.label(), report, metric, intact)));
      }
    }
    Map<Kind, List<Drawn>> byKind =
        drawn.stream().collect(groupingBy(Drawn::kind, LinkedHashMap::new, toList()));
    List<Figure> figures = new ArrayList<>();
    byKind.forEach(
        (kind, same) ->
            figures.add(figure(Published.numbered("metrics", figures.size() + 1), kind, same)));
    return figures;
  }

  private static Drawn drawn(String label, LesionReport report, String metric, double intact) {
    Level level = new Level(label + ", intact", intact);
    boolean byCount = report.rows().stream().allMatch(row -> row.planned().k().isPresent());
    Optional<List<MetricPoint>> curve = byCount ? curve(report, metric) : Optional.empty();
    if (curve.isPresent()) {
      return new Drawn(
          new Kind(metric, "number of lesions drawn (k)"),
          new Series(
              label,
              Mark.LINE,
              curve.get().stream()
                  .map(point -> new Point(point.at(), point.mean().value(), point.interval()))
                  .toList()),
          level);
    }
    boolean byBlock =
        Study.DELETE_ONE.fits(report.rows()) || Study.DELETE_ONE_SKIP.fits(report.rows());
    Optional<LesionStatistics> statistics = statistics(report);
    return new Drawn(
        new Kind(metric, byBlock ? "block" : "lesion (row of the plan)"),
        new Series(
            label,
            byBlock ? Mark.LINE : Mark.POINTS,
            IntStream.range(0, report.rows().size())
                .mapToObj(
                    i -> {
                      LesionRow row = report.rows().get(i);
                      double x = byBlock ? SingleDeletions.block(row.lesion()) : i + 1;
                      return statistics.isPresent()
                          ? Point.of(x, statistics.get().metric(metric, row))
                          : Point.of(x, Objects.requireNonNull(row.metrics().get(metric)));
                    })
                .toList()),
        level);
  }

  /** Empty where there are too few draws or images. */
  private static Optional<List<MetricPoint>> curve(LesionReport report, String metric) {
    try {
      return Optional.of(report.statistics().metricCurve(metric));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  /** Empty where there are too few images for intervals. */
  private static Optional<LesionStatistics> statistics(LesionReport report) {
    try {
      return Optional.of(report.statistics());
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private static Figure figure(String name, Kind kind, List<Drawn> same) {
    List<Series> series = same.stream().map(Drawn::series).toList();
    return new Figure(
        name,
        "Mean of the metric " + kind.metric(),
        "The mean of the metric %s over the images, over the %s, with 95 %% intervals. %s"
            .formatted(
                kind.metric(),
                kind.axis(),
                String.join(" ", same.stream().map(MetricFigures::range).toList())),
        Axis.linear(kind.axis()),
        Axis.linear("mean of " + kind.metric()),
        series,
        same.stream().map(Drawn::intact).toList());
  }

  private static String range(Drawn drawn) {
    var means = drawn.series().points().stream().mapToDouble(Point::y).summaryStatistics();
    return "%s: from %s to %s; intact %s."
        .formatted(
            drawn.series().label(),
            Say.number(means.getMin()),
            Say.number(means.getMax()),
            Say.number(drawn.intact().y()));
  }
}
