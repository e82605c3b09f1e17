package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Scale;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.statistics.Interval;
import java.util.function.DoubleUnaryOperator;

/**
 * Puts logarithms in place of the numbers of logarithmic axes. XChart's own logarithmic axes have a
 * grid line at every digit, which is a grey area where there are many decades.
 */
final class EvenSpacing {
  private EvenSpacing() {}

  static Figure of(Figure figure) {
    DoubleUnaryOperator x = place(figure.x());
    DoubleUnaryOperator y = place(figure.y());
    return new Figure(
        figure.name(),
        figure.title(),
        figure.description(),
        linear(figure.x()),
        linear(figure.y()),
        figure.series().stream()
            .map(
                series ->
                    new Series(
                        series.label(),
                        series.mark(),
                        series.points().stream().map(point -> point(point, x, y)).toList()))
            .toList(),
        figure.levels().stream()
            .map(level -> new Level(level.label(), y.applyAsDouble(level.y())))
            .toList());
  }

  private static DoubleUnaryOperator place(Axis axis) {
    return axis.scale() == Scale.LOGARITHMIC ? Math::log10 : DoubleUnaryOperator.identity();
  }

  private static Point point(Point point, DoubleUnaryOperator x, DoubleUnaryOperator y) {
    return new Point(
        x.applyAsDouble(point.x()),
        y.applyAsDouble(point.y()),
        point
            .interval()
            .map(
                interval ->
                    new Interval(
                        y.applyAsDouble(interval.low()),
                        y.applyAsDouble(interval.high()),
                        interval.level())));
  }

  private static Axis linear(Axis axis) {
    return new Axis(axis.label(), Scale.LINEAR, axis.categories());
  }
}
