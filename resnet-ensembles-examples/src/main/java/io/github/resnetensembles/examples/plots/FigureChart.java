package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.Figure;
import io.github.resnetensembles.Figure.Axis;
import io.github.resnetensembles.Figure.Level;
import io.github.resnetensembles.Figure.Mark;
import io.github.resnetensembles.Figure.Point;
import io.github.resnetensembles.Figure.Scale;
import io.github.resnetensembles.Figure.Series;
import io.github.resnetensembles.Interval;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A figure as a chart. Bars, bands and whiskers are shapes on one kind of chart, so all mix. */
final class FigureChart {
  private static final double GROUP_WIDTH = 0.8;

  /** Of the distance between two points: half the end of a whisker. */
  private static final double WHISKER_END = 0.1;

  private static final int MOST_MARKERS = 120;

  private final Figure figure;
  private final FigureSize size;
  private final XYChart chart;
  private final AxisRange across;
  private final AxisRange up;
  private final double spacing;
  private int shapes;

  private FigureChart(Figure figure, FigureSize size) {
    this.figure = figure;
    this.size = size;
    this.spacing = spacing(figure);
    this.across = AxisRange.across(figure, hasBars(figure) ? spacing / 2 : 0);
    this.up = AxisRange.up(figure, hasBars(figure));
    this.chart =
        new XYChartBuilder()
            .width(size.width())
            .height(size.height())
            .title(size.titled() ? size.fitting(figure.title(), size.titleFont(), size.width()) : "")
            .xAxisTitle(size.fitting(figure.x().label(), size.axisFont(), size.plotWidth()))
            .yAxisTitle(size.fitting(figure.y().label(), size.axisFont(), size.plotHeight()))
            .build();
  }

  static XYChart of(Figure figure, FigureSize size) {
    FigureChart drawing = new FigureChart(figure, size);
    drawing.style();
    drawing.drawAll();
    return drawing.chart;
  }

  private void style() {
    Look.apply(chart);
    chart
        .getStyler()
        .setXAxisMin(across.from())
        .setXAxisMax(across.to())
        .setYAxisMin(up.from())
        .setYAxisMax(up.to())
        .setXAxisLogarithmic(figure.x().scale() == Scale.LOGARITHMIC)
        .setYAxisLogarithmic(figure.y().scale() == Scale.LOGARITHMIC)
        .setXAxisTickLabelsFormattingFunction(TickLabels.of(figure.x(), positions(figure))::text)
        .setYAxisTickLabelsFormattingFunction(TickLabels.of(figure.y(), Set.of())::text)
        .setPlotGridVerticalLinesVisible(false)
        .setPlotBorderVisible(false)
        .setChartTitleVisible(size.titled())
        .setChartTitleFont(size.titleFont());
    chart
        .getStyler()
        .setAxisTitleFont(size.axisFont())
        .setAxisTickLabelsFont(size.tickFont())
        .setLegendFont(size.tickFont())
        .setMarkerSize(size.markerSize())
        .setLegendSeriesLineLength(30)
        .setChartPadding(size.titled() ? 16 : 4);
    if (!figure.x().categories().isEmpty()) {
      int slot = size.plotWidth() / (figure.x().categories().size() + 1);
      chart.getStyler().setXAxisTickMarkSpacingHint(Math.max(1, slot));
      if (size.widest(figure.x().categories(), size.tickFont()) * 1.15 > slot) {
        chart.getStyler().setXAxisLabelRotation(90);
      }
    }
  }

  private void drawAll() {
    for (int i = 0; i < figure.series().size(); i++) {
      if (figure.series().get(i).mark() == Mark.BARS) {
        drawBars(figure.series().get(i), i);
      }
    }
    for (int i = 0; i < figure.series().size(); i++) {
      drawIntervals(figure.series().get(i), i);
    }
    for (int i = 0; i < figure.levels().size(); i++) {
      drawLevel(figure.levels().get(i), i);
    }
    for (int i = 0; i < figure.series().size(); i++) {
      if (figure.series().get(i).mark() != Mark.BARS) {
        drawPoints(figure.series().get(i), i);
      }
    }
  }

  private void drawPoints(Series series, int index) {
    if (series.points().isEmpty()) {
      return;
    }
    boolean line = series.mark() == Mark.LINE;
    XYSeries drawn =
        chart.addSeries(
            "series " + index,
            series.points().stream().map(Point::x).toList(),
            series.points().stream().map(Point::y).toList());
    drawn.setLabel(size.wrapped(series.label()));
    drawn.setXYSeriesRenderStyle(line ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
    drawn.setLineColor(Look.color(index));
    drawn.setLineStyle(line ? Look.solid() : SeriesLines.NONE);
    Marker marker = Look.marker(index);
    drawn.setMarker(line && series.points().size() > MOST_MARKERS ? SeriesMarkers.NONE : marker);
    drawn.setMarkerColor(Look.color(index));
  }

  /** All bars of a series in one shape, which goes along the bottom from one to the next. */
  private void drawBars(Series series, int index) {
    if (series.points().isEmpty()) {
      return;
    }
    double half = barWidth() / 2;
    double bottom = figure.y().scale() == Scale.LOGARITHMIC ? up.from() : 0;
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (Point point : series.points()) {
      double middle = position(series, point);
      x.addAll(List.of(middle - half, middle - half, middle + half, middle + half));
      y.addAll(List.of(bottom, point.y(), point.y(), bottom));
    }
    XYSeries drawn = shape(x, y, Look.fill(index));
    drawn.setLineColor(Look.color(0));
    drawn.setLineStyle(Look.thin());
    drawn.setLabel(size.wrapped(series.label()));
    drawn.setShowInLegend(true);
  }

  private void drawIntervals(Series series, int index) {
    List<Point> points =
        series.points().stream().filter(point -> point.interval().isPresent()).toList();
    if (points.isEmpty()) {
      return;
    }
    if (series.mark() == Mark.LINE && points.size() > 1) {
      drawBand(points, index);
    } else {
      drawWhiskers(series, points, index);
    }
  }

  private void drawBand(List<Point> points, int index) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (Point point : points) {
      x.add(point.x());
      y.add(low(point));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      x.add(points.get(i).x());
      y.add(high(points.get(i)));
    }
    shape(x, y, Look.bandColor(index)).setLineColor(Look.bandColor(index));
  }

  private void drawWhiskers(Series series, List<Point> points, int index) {
    double end = Math.min(WHISKER_END * spacing, barWidth() / 3);
    Color color = series.mark() == Mark.BARS ? Look.color(0) : Look.color(index);
    for (Point point : points) {
      double x = position(series, point);
      double low = low(point);
      double high = high(point);
      XYSeries whisker =
          chart.addSeries(
              "shape " + shapes++,
              new double[] {x - end, x + end, x, x, x - end, x + end},
              new double[] {low, low, low, high, high, high});
      whisker.setMarker(SeriesMarkers.NONE);
      whisker.setLineColor(color);
      whisker.setLineStyle(Look.thin());
      whisker.setShowInLegend(false);
    }
  }

  private void drawLevel(Level level, int index) {
    XYSeries drawn =
        chart.addSeries(
            "level " + index,
            new double[] {across.from(), across.to()},
            new double[] {level.y(), level.y()});
    drawn.setLabel(size.wrapped(level.label()));
    drawn.setMarker(SeriesMarkers.NONE);
    drawn.setLineColor(Look.color(index));
    drawn.setLineStyle(Look.dashed(index));
  }

  private XYSeries shape(List<Double> x, List<Double> y, Color fill) {
    XYSeries shape = chart.addSeries("shape " + shapes++, x, y);
    shape.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    shape.setFillColor(fill);
    shape.setMarker(SeriesMarkers.NONE);
    shape.setShowInLegend(false);
    return shape;
  }

  private double low(Point point) {
    return Math.max(up.from(), point.interval().map(Interval::low).orElse(point.y()));
  }

  private double high(Point point) {
    return Math.min(up.to(), point.interval().map(Interval::high).orElse(point.y()));
  }

  /** Bars of several series stand side by side. */
  private double position(Series series, Point point) {
    List<Series> bars = bars(figure);
    int place = bars.indexOf(series);
    return place < 0 ? point.x() : point.x() + (place - (bars.size() - 1) / 2.0) * barWidth();
  }

  private double barWidth() {
    return GROUP_WIDTH * spacing / Math.max(1, bars(figure).size());
  }

  private static boolean hasBars(Figure figure) {
    return !bars(figure).isEmpty();
  }

  private static List<Series> bars(Figure figure) {
    return figure.series().stream().filter(series -> series.mark() == Mark.BARS).toList();
  }

  /** The least distance between two positions. */
  private static double spacing(Figure figure) {
    double least = Double.POSITIVE_INFINITY;
    double before = Double.NEGATIVE_INFINITY;
    for (double x : positions(figure)) {
      least = Math.min(least, x - before);
      before = x;
    }
    return Double.isInfinite(least) || !figure.x().categories().isEmpty() ? 1 : least;
  }

  private static Set<Double> positions(Figure figure) {
    Set<Double> positions = new TreeSet<>();
    figure.series().forEach(series -> series.points().forEach(point -> positions.add(point.x())));
    return positions;
  }

  /** What an axis shows. */
  private record AxisRange(double from, double to) {
    private static final double MARGIN = 0.04;

    /** A scale that begins at 0 is honest; unless all would lie in its upper half. */
    private static final double FAR_FROM_ZERO = 0.5;

    static AxisRange across(Figure figure, double margin) {
      Axis axis = figure.x();
      if (!axis.categories().isEmpty()) {
        return new AxisRange(0.4, axis.categories().size() + 0.6);
      }
      double[] values = positions(figure).stream().mapToDouble(x -> x).toArray();
      return axis.scale() == Scale.LOGARITHMIC
          ? decades(values)
          : around(values[0] - margin, values[values.length - 1] + margin, true, true);
    }

    static AxisRange up(Figure figure, boolean bars) {
      double[] values =
          figure.series().stream()
              .flatMap(series -> series.points().stream())
              .flatMapToDouble(
                  point ->
                      DoubleStream.concat(
                          DoubleStream.of(point.y()),
                          point.interval().stream()
                              .flatMapToDouble(
                                  interval -> DoubleStream.of(interval.low(), interval.high()))))
              .toArray();
      double[] all =
          DoubleStream.concat(
                  DoubleStream.of(values), figure.levels().stream().mapToDouble(Level::y))
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (figure.y().scale() == Scale.LOGARITHMIC) {
        return decades(DoubleStream.of(all).filter(value -> value > 0).toArray());
      }
      double from = all[0];
      double to = all[all.length - 1];
      boolean zero = bars || (from >= 0 && from <= FAR_FROM_ZERO * to);
      return zero
          ? around(Math.min(0, from), Math.max(0, to), from < 0, to > 0)
          : around(from, to, true, true);
    }

    private static AxisRange decades(double[] sorted) {
      double from = Math.floor(Math.log10(sorted[0]));
      double to = Math.ceil(Math.log10(sorted[sorted.length - 1]));
      return new AxisRange(Math.pow(10, from == to ? from - 1 : from), Math.pow(10, to));
    }

    private static AxisRange around(double from, double to, boolean below, boolean above) {
      double margin = from == to ? Math.max(1, Math.abs(from) * MARGIN) : MARGIN * (to - from);
      return new AxisRange(
          below || from == to ? from - margin : from, above || from == to ? to + margin : to);
    }
  }
}
