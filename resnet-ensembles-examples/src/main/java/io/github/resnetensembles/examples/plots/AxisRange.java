package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Scale;
import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What an axis shows.
 *
 * @param from its lower end
 * @param to its upper end
 */
record AxisRange(double from, double to) {
  private static final double MARGIN = 0.04;

  /** Of the range: XChart draws no tick at the very end of an axis. */
  private static final double HAIR = 0.002;

  /** A scale that begins at 0 is honest; unless all would lie in its upper half. */
  private static final double FAR_FROM_ZERO = 0.5;

  /** The horizontal axis, with room beside the outer points. */
  static AxisRange across(Figure figure, double margin) {
    Axis axis = figure.x();
    if (!axis.categories().isEmpty()) {
      return new AxisRange(0.4, axis.categories().size() + 0.6);
    }
    DoubleSummaryStatistics values = points(figure).mapToDouble(Point::x).summaryStatistics();
    return widened(values.getMin() - margin, values.getMax() + margin, true, true);
  }

  /**
   * The vertical axis, with all intervals and levels.
   *
   * @param figure with logarithms where the scale is logarithmic
   */
  static AxisRange up(Figure figure, Scale scale, boolean bars) {
    DoubleSummaryStatistics values =
        DoubleStream.concat(
                points(figure).flatMapToDouble(AxisRange::heights),
                figure.levels().stream().mapToDouble(Level::y))
            .summaryStatistics();
    double from = values.getMin();
    double to = values.getMax();
    if (scale == Scale.LOGARITHMIC) {
      return widened(Math.floor(from), Math.max(Math.ceil(to), Math.floor(from) + 1), false, false);
    }
    boolean zero = bars || (from >= 0 && from <= FAR_FROM_ZERO * to);
    return zero
        ? widened(Math.min(0, from), Math.max(0, to), from < 0, to > 0)
        : widened(from, to, true, true);
  }

  private static Stream<Point> points(Figure figure) {
    return figure.series().stream().flatMap(series -> series.points().stream());
  }

  private static DoubleStream heights(Point point) {
    return DoubleStream.concat(
        DoubleStream.of(point.y()),
        point.interval().stream()
            .flatMapToDouble(interval -> DoubleStream.of(interval.low(), interval.high())));
  }

  private static AxisRange widened(double from, double to, boolean below, boolean above) {
    double size = from == to ? Math.max(1, Math.abs(from)) : to - from;
    return new AxisRange(
        from - size * (below || from == to ? MARGIN : HAIR),
        to + size * (above || from == to ? MARGIN : HAIR));
  }
}
