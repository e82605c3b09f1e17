package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Scale;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.statistics.Interval;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A figure as a chart. Bars, bands and whiskers are shapes on one kind of chart, so all mix. */
final class FigureChart {
  private static final double GROUP_WIDTH = 0.8;

  /** Of the distance between two points: half the end of a whisker. */
  private static final double WHISKER_END = 0.06;

  /** Of its own width, what a name needs beside the next. */
  private static final double NAME_ROOM = 1.15;

  private static final int MOST_MARKERS = 120;

  private final Figure figure;
  private final FigureSize size;
  private final XYChart chart;
  private final Scale scale;
  private final TickLabels xLabels;
  private final TickLabels yLabels;
  private final AxisRange across;
  private final AxisRange up;
  private final double spacing;
  private final Font axisFont;
  private final int slot;
  private final boolean upwardNames;
  private final ChartTexts texts = new ChartTexts();
  private int shapes;

  private FigureChart(Figure figure, FigureSize size) {
    this.figure = EvenSpacing.of(figure);
    this.scale = figure.y().scale();
    this.xLabels = TickLabels.of(figure.x(), positions(figure));
    this.yLabels = TickLabels.of(figure.y(), Set.of());
    this.size = size;
    this.spacing = spacing(this.figure);
    this.across = AxisRange.across(this.figure, hasBars() ? spacing / 2 : 0);
    this.up = AxisRange.up(this.figure, scale, hasBars());
    this.axisFont = size.axisFont(figure.x().label(), figure.y().label());
    List<String> names = TickLabels.distinct(figure.x().categories());
    this.slot = size.plotWidth() / (names.size() + 1);
    int longestName =
        (int)
            names.stream()
                .mapToDouble(name -> FigureSize.width(name, size.tickFont()))
                .max()
                .orElse(0);
    this.upwardNames = NAME_ROOM * longestName > slot;
    this.chart =
        new XYChartBuilder()
            .width(size.width())
            .height(size.height() + legendHeight() + (upwardNames ? longestName : 0))
            .title(size.titled() ? fitting(figure.title(), size.titleFont(), size.width()) : "")
            .xAxisTitle(fitting(figure.x().label(), axisFont, size.plotWidth()))
            .yAxisTitle(fitting(figure.y().label(), axisFont, size.plotHeight()))
            .build();
  }

  static FigureChart of(Figure figure, FigureSize size) {
    FigureChart drawing = new FigureChart(figure, size);
    drawing.style();
    drawing.drawAll();
    return drawing;
  }

  XYChart chart() {
    return chart;
  }

  /** All that is written on the chart; labels of ticks are added while it is painted. */
  ChartTexts texts() {
    return texts;
  }

  private void style() {
    Look.apply(chart);
    chart
        .getStyler()
        .setXAxisMin(across.from())
        .setXAxisMax(across.to())
        .setYAxisMin(up.from())
        .setYAxisMax(up.to())
        .setXAxisTickLabelsFormattingFunction(tickLabels(xLabels))
        .setYAxisTickLabelsFormattingFunction(tickLabels(yLabels))
        .setPlotGridVerticalLinesVisible(false)
        .setPlotGridLinesStroke(Look.thin())
        .setYAxisLabelAlignment(TextAlignment.Right)
        .setPlotBorderVisible(false)
        .setChartTitleVisible(size.titled())
        .setChartTitleFont(size.titleFont());
    chart
        .getStyler()
        .setAxisTitleFont(axisFont)
        .setAxisTickLabelsFont(size.tickFont())
        .setLegendFont(size.tickFont())
        .setMarkerSize(size.markerSize())
        .setLegendSeriesLineLength(30)
        .setChartPadding(size.titled() ? 16 : 8);
    if (!figure.x().categories().isEmpty()) {
      chart.getStyler().setXAxisTickMarkSpacingHint(Math.max(1, slot));
      chart.getStyler().setXAxisLabelRotation(upwardNames ? 90 : 0);
    }
  }

  private int legendHeight() {
    Stream<String> labels =
        Stream.concat(
            figure.series().stream().map(Series::label),
            figure.levels().stream().map(Level::label));
    return size.lineHeight() * (int) labels.flatMap(label -> size.wrapped(label).lines()).count();
  }

  private Function<Double, String> tickLabels(TickLabels labels) {
    return value -> {
      String label = labels.text(value);
      texts.add(label, size.tickFont());
      return label;
    };
  }

  private String fitting(String text, Font font, int space) {
    String fitting = size.fitting(text, font, space);
    texts.add(fitting, font);
    return fitting;
  }

  private String legend(String label) {
    String lines = size.wrapped(label);
    texts.add(lines, size.tickFont());
    return lines;
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
    for (int i = 0; i < figure.series().size(); i++) {
      if (figure.series().get(i).mark() != Mark.BARS) {
        drawPoints(figure.series().get(i), i);
      }
    }
    for (int i = 0; i < figure.levels().size(); i++) {
      drawLevel(figure.levels().get(i), i);
    }
  }

  private void drawPoints(Series series, int index) {
    boolean line = series.mark() == Mark.LINE;
    XYSeries drawn =
        chart.addSeries(
            "series " + index,
            series.points().stream().map(Point::x).toList(),
            series.points().stream().map(Point::y).toList());
    drawn.setLabel(legend(series.label()));
    drawn.setXYSeriesRenderStyle(line ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
    drawn.setLineColor(Look.color(index));
    drawn.setLineStyle(line ? Look.solid() : SeriesLines.NONE);
    Marker marker = Look.marker(index);
    drawn.setMarker(line && series.points().size() > MOST_MARKERS ? SeriesMarkers.NONE : marker);
    drawn.setMarkerColor(Look.color(index));
  }

  /** All bars of a series in one shape, which goes along the bottom from one to the next. */
  private void drawBars(Series series, int index) {
    double half = barWidth() / 2;
    double bottom = scale == Scale.LOGARITHMIC ? up.from() : 0;
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (Point point : series.points()) {
      double middle = position(series, point);
      x.addAll(List.of(middle - half, middle - half, middle + half, middle + half));
      y.addAll(List.of(bottom, point.y(), point.y(), bottom));
    }
    // XChart's edge begins at the second point.
    x.add(0, x.get(0));
    y.add(0, y.get(0));
    XYSeries drawn = shape(x, y, Look.fill(index));
    drawn.setLineColor(Look.color(0));
    drawn.setLineStyle(Look.thin());
    drawn.setLabel(legend(series.label()));
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
    drawn.setLabel(legend(level.label()));
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
    List<Series> bars = bars();
    int place = bars.indexOf(series);
    return place < 0 ? point.x() : point.x() + (place - (bars.size() - 1) / 2.0) * barWidth();
  }

  private double barWidth() {
    return GROUP_WIDTH * spacing / Math.max(1, bars().size());
  }

  private boolean hasBars() {
    return !bars().isEmpty();
  }

  private List<Series> bars() {
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
}
