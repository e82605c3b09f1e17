package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Scale;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Figures as JSON and CSV, and what they must be like. */
final class FigureText {
  private FigureText() {}

  static void check(
      String name,
      String title,
      String description,
      Axis x,
      Axis y,
      List<Series> series,
      List<Level> levels) {
    Text.checkName("a figure", name);
    String where = "the figure " + name;
    Text.checkLabels(where, title, x.label(), y.label());
    Text.checkWords(where, List.of(description));
    Text.checkLabels(where, x.categories());
    Text.checkLabels(where, y.categories());
    series.forEach(one -> Text.checkLabels(where, one.label()));
    levels.forEach(level -> Text.checkLabels(where, level.label()));
    if (series.isEmpty()) {
      throw new InvalidInputException(
          "the figure " + name + " has no series, so there is nothing to draw; leave it out");
    }
    for (Series one : series) {
      if (one.points().isEmpty()) {
        throw new InvalidInputException(
            "the series '%s' of %s has no point, so there is nothing to draw; leave it out"
                .formatted(Names.shorten(one.label()), where));
      }
      for (Point point : one.points()) {
        String which = "the series '" + Names.shorten(one.label()) + "' of " + where;
        check(which, x, point.x());
        check(which, y, point.y());
        point.interval().ifPresent(interval -> check(which, y, interval));
      }
    }
    levels.forEach(
        level ->
            check("the level '" + Names.shorten(level.label()) + "' of " + where, y, level.y()));
  }

  static void checkEnds(String label, OptionalDouble from, OptionalDouble to) {
    double start = from.orElse(Double.NEGATIVE_INFINITY);
    double end = to.orElse(Double.POSITIVE_INFINITY);
    boolean finite =
        (from.isEmpty() || Double.isFinite(start)) && (to.isEmpty() || Double.isFinite(end));
    if (!finite || start >= end) {
      throw new InvalidInputException(
          "the axis '%s' goes from %s to %s; give it finite ends, the second above the first"
              .formatted(Names.shorten(label), Text.number(start), Text.number(end)));
    }
  }

  private static void check(String where, Axis axis, Interval interval) {
    check(where, axis, interval.low());
    check(where, axis, interval.high());
  }

  private static void check(String where, Axis axis, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidInputException(
          "%s has the value %s on the axis '%s'; leave it out"
              .formatted(where, value, Names.shorten(axis.label())));
    }
    if (axis.scale() == Scale.LOGARITHMIC && value <= 0) {
      throw new InvalidInputException(
          ("%s has the value %s on the axis '%s', but a logarithmic axis shows positive"
                  + " numbers only; leave it out")
              .formatted(where, value, Names.shorten(axis.label())));
    }
    int names = axis.categories().size();
    if (names > 0 && (value != Math.rint(value) || value < 1 || value > names)) {
      throw new InvalidInputException(
          "%s has the position %s on the axis '%s', whose names stand at 1 to %s"
              .formatted(where, Text.number(value), Names.shorten(axis.label()), names));
    }
  }

  static String csv(Figure figure) {
    List<List<String>> rows = new ArrayList<>();
    for (Series series : figure.series()) {
      for (Point point : series.points()) {
        rows.add(
            List.of(
                series.label(),
                position(figure.x(), point.x()),
                Text.number(point.y()),
                point.interval().map(interval -> Text.number(interval.low())).orElse(""),
                point.interval().map(interval -> Text.number(interval.high())).orElse("")));
      }
    }
    return Csv.write(List.of("series", "x", "y", "low", "high"), rows);
  }

  private static String position(Axis axis, double value) {
    return axis.categories().isEmpty()
        ? Text.number(value)
        : axis.categories().get((int) value - 1);
  }
}
