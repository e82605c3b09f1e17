package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.lesion.LesionRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Errors over a numeric axis, one line or cloud for each report. */
final class CurveChart {
  private static final double TAU_MARGIN = 0.008;

  /** Pixels between ticks at the least; on axes that count, ticks are whole numbers. */
  private static final int TICK_SPACING = 60;

  private final Curve curve;
  private final XYChart chart;
  private final double from;
  private final double to;

  private CurveChart(Curve curve, XYChart chart, double from, double to) {
    this.curve = curve;
    this.chart = chart;
    this.from = from;
    this.to = to;
  }

  static XYChart of(Curve curve, String title, List<LabelledReport> reports) {
    XYChart chart =
        new XYChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(title)
            .xAxisTitle(curve.axis())
            .yAxisTitle(Look.ERROR_AXIS)
            .build();
    Look.apply(chart, LesionPlots.largestError(reports));
    List<Double> positions = reports.stream().flatMap(report -> positions(curve, report)).toList();
    boolean tau = curve == Curve.KENDALL_TAU;
    double margin = tau ? TAU_MARGIN : 1;
    double from = Collections.min(positions) - margin;
    double to = (tau ? 1 : Collections.max(positions)) + margin;
    chart
        .getStyler()
        .setXAxisMin(from)
        .setXAxisMax(to)
        .setXAxisDecimalPattern(tau ? "0.00" : "0")
        .setXAxisTickMarkSpacingHint(
            tau ? TICK_SPACING : Math.max(TICK_SPACING, (int) (Look.WIDTH * 0.9 / (to - from))));
    CurveChart drawing = new CurveChart(curve, chart, from, to);
    for (int i = 0; i < reports.size(); i++) {
      drawing.draw(reports.get(i), i, reports.size() == 1);
    }
    return chart;
  }

  private static Stream<Double> positions(Curve curve, LabelledReport labelled) {
    List<LesionRow> rows = labelled.report().rows();
    return Stream.iterate(0, i -> i < rows.size(), i -> i + 1)
        .map(i -> curve.position(rows.get(i), i));
  }

  private void draw(LabelledReport labelled, int index, boolean alone) {
    switch (curve) {
      case BLOCK -> {
        drawLine(labelled, index);
        if (alone) {
          drawTransitions(labelled, index);
        }
      }
      case DELETED_BLOCKS, DUPLICATED_BLOCKS, DRAWN -> drawQuartiles(labelled, index);
      case KENDALL_TAU, LESIONS, ROWS -> drawCloud(labelled, index);
    }
    drawBaseline(labelled, index);
  }

  private void drawLine(LabelledReport labelled, int index) {
    SortedMap<Double, List<Double>> errors = errorsByPosition(labelled);
    style(
        chart.addSeries(
            labelled.label(),
            new ArrayList<>(errors.keySet()),
            errors.values().stream().map(values -> values.get(0)).toList()),
        index);
  }

  /** Blocks that change the shape, which have no identity shortcut, stand out in the curve. */
  private void drawTransitions(LabelledReport labelled, int index) {
    Set<Integer> transitions = labelled.report().provenance().architecture().transitions();
    SortedMap<Double, List<Double>> errors = errorsByPosition(labelled);
    errors.keySet().removeIf(block -> !transitions.contains(block.intValue()));
    if (errors.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            "blocks that change the shape",
            new ArrayList<>(errors.keySet()),
            errors.values().stream().map(values -> values.get(0)).toList());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.SQUARE);
    series.setMarkerColor(Look.color(index + 1));
  }

  private void drawQuartiles(LabelledReport labelled, int index) {
    SortedMap<Double, List<Double>> errors = errorsByPosition(labelled);
    List<Double> counts = new ArrayList<>(errors.keySet());
    List<Quartiles> quartiles =
        errors.values().stream().map(values -> Quartiles.of(values)).toList();
    boolean drawnOnce = errors.values().stream().allMatch(values -> values.size() == 1);
    if (!drawnOnce && counts.size() > 1) {
      drawBand(labelled.label(), counts, quartiles, index);
    }
    style(
        chart.addSeries(
            labelled.label() + (drawnOnce ? "" : ", mean"),
            counts,
            quartiles.stream().map(Quartiles::mean).toList()),
        index);
  }

  private void drawBand(String label, List<Double> counts, List<Quartiles> quartiles, int index) {
    List<Double> across = new ArrayList<>(counts);
    List<Double> up = new ArrayList<>(quartiles.stream().map(Quartiles::lower).toList());
    for (int i = counts.size() - 1; i >= 0; i--) {
      across.add(counts.get(i));
      up.add(quartiles.get(i).upper());
    }
    XYSeries band = chart.addSeries(label + ", middle half of the draws", across, up);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(Look.bandColor(index));
    band.setLineColor(Look.bandColor(index));
    band.setMarker(SeriesMarkers.NONE);
  }

  private void drawCloud(LabelledReport labelled, int index) {
    XYSeries series =
        chart.addSeries(
            labelled.label(),
            positions(curve, labelled).toList(),
            labelled.report().rows().stream().map(LesionPlots::percent).toList());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(Look.marker(index));
    series.setMarkerColor(Look.color(index));
    series.setLineStyle(SeriesLines.NONE);
  }

  private void drawBaseline(LabelledReport labelled, int index) {
    double error = LesionPlots.percent(labelled.report().baseline());
    XYSeries series =
        chart.addSeries(
            labelled.label() + ", intact", new double[] {from, to}, new double[] {error, error});
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(Look.color(index));
    series.setLineStyle(Look.dashed(index));
  }

  private SortedMap<Double, List<Double>> errorsByPosition(LabelledReport labelled) {
    SortedMap<Double, List<Double>> errors = new TreeMap<>();
    List<LesionRow> rows = labelled.report().rows();
    for (int i = 0; i < rows.size(); i++) {
      errors
          .computeIfAbsent(curve.position(rows.get(i), i), position -> new ArrayList<>())
          .add(LesionPlots.percent(rows.get(i)));
    }
    return errors;
  }

  private static void style(XYSeries series, int index) {
    series.setLineStyle(Look.solid());
    series.setLineColor(Look.color(index));
    series.setMarker(Look.marker(index));
    series.setMarkerColor(Look.color(index));
  }
}
