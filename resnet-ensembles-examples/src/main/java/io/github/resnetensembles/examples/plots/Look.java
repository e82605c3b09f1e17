package io.github.resnetensembles.examples.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How pictures look: readable in print and in grey, where markers and lightness tell series. */
final class Look {
  static final int WIDTH = 1200;
  static final int HEIGHT = 750;
  static final String ERROR_AXIS = "top-1 error (%)";

  private static final int BAND_ALPHA = 60;
  private static final float LINE = 2f;
  private static final float THIN_LINE = 1.2f;

  /** Of clearly different lightness, and told apart by colour-blind readers. */
  private static final Color[] COLORS = {
    new Color(0x1A1A1A),
    new Color(0xD5, 0x5E, 0x00),
    new Color(0x56, 0xB4, 0xE9),
    new Color(0x00, 0x72, 0xB2),
    new Color(0xCC, 0x79, 0xA7),
    new Color(0x8A, 0x8A, 0x8A)
  };

  /** Of bars, light enough for a black line to show on them, and far apart in grey. */
  private static final Color[] FILLS = {
    new Color(0xE0E0E0),
    new Color(0xE6, 0x9F, 0x00),
    new Color(0x3A, 0x87, 0xBD),
    new Color(0xF0, 0xE0, 0xB0),
    new Color(0x00, 0x9E, 0x73),
    new Color(0xCC, 0x79, 0xA7)
  };

  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS
  };

  /** Dashes of the baselines: each result's own. */
  private static final float[][] DASHES = {{12, 6}, {4, 5}, {14, 5, 3, 5}, {20, 8}, {8, 3}, {2, 8}};

  private Look() {}

  static Color color(int series) {
    return COLORS[series % COLORS.length];
  }

  /** The colour of a bar. */
  static Color fill(int series) {
    return FILLS[series % FILLS.length];
  }

  /** The colour of a band behind a line: see-through. */
  static Color bandColor(int series) {
    Color color = color(series);
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA);
  }

  static Marker marker(int series) {
    return MARKERS[series % MARKERS.length];
  }

  static BasicStroke solid() {
    return new BasicStroke(LINE, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  /** Of whiskers and the edges of bars. */
  static BasicStroke thin() {
    return new BasicStroke(THIN_LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
  }

  static BasicStroke dashed(int series) {
    return new BasicStroke(
        LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, DASHES[series % DASHES.length], 0f);
  }

  /** Sets fonts, colours, legend, and the error axis, which starts at 0. */
  static void apply(Chart<? extends AxesChartStyler, ?> chart, double largestError) {
    apply(chart);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(Math.max(1, 1.05 * largestError));
  }

  /** Sets fonts, colours and legend. */
  static void apply(Chart<? extends AxesChartStyler, ?> chart) {
    AxesChartStyler styler = chart.getStyler();
    styler.setLocale(Locale.ROOT);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotGridLinesColor(new Color(0xDDDDDD));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 18));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Vertical);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendSeriesLineLength(40);
    styler.setMarkerSize(8);
    styler.setChartPadding(20);
    styler.setChartTitlePadding(12);
    styler.setPlotMargin(0);
    styler.setPlotContentSize(1);
    styler.setAnnotationLineColor(color(0));
    styler.setAnnotationLineStroke(dashed(0));
  }
}
