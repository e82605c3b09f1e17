package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.statistics.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The three panels of the paper's figure 6: how many paths there are of each length, how large the
 * gradient through one of them is, and how much all of them carry together.
 */
public final class GradientPlot {
  private static final int PANEL_HEIGHT = 520;

  private GradientPlot() {}

  /**
   * Draws gradients by path length.
   *
   * @param gradients measured by length, not on a single path
   * @param mass of the effective lengths that are shaded, in (0, 1]; nothing is shaded if the
   *     result is not verified
   * @return the picture
   * @throws InvalidInputException if a single path was measured
   */
  public static Picture picture(PathGradients gradients, double mass) {
    return new Picture(new Panels("Gradient by path length", charts(gradients, mass)));
  }

  /**
   * Draws into a file.
   *
   * @param file a PNG or SVG file by its ending
   * @param gradients measured by length, not on a single path
   * @param mass of the effective lengths that are shaded, in (0, 1]
   * @throws InvalidInputException as {@link #picture} does, or if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, PathGradients gradients, double mass) {
    picture(gradients, mass).writeTo(file);
  }

  static List<XYChart> charts(PathGradients gradients, double mass) {
    List<LengthGradient> lengths = gradients.lengths();
    if (lengths.isEmpty()) {
      throw new InvalidInputException(
          "the gradient of a single path is one number; there is nothing to draw");
    }
    List<XYChart> charts =
        List.of(distribution(gradients), singlePaths(lengths), totals(gradients, lengths, mass));
    charts.forEach(chart -> setLengths(chart, gradients.paths().lengths()));
    return charts;
  }

  /** All panels show all lengths, so that they stand one above the other. */
  private static void setLengths(XYChart chart, PathCounts counts) {
    chart.getStyler().setXAxisMin((double) counts.shortest());
    chart.getStyler().setXAxisMax((double) Math.max(counts.longest(), counts.shortest() + 1));
  }

  private static XYChart chart(String title, String axis, double largest) {
    XYChart chart =
        new XYChartBuilder()
            .width(Look.WIDTH)
            .height(PANEL_HEIGHT)
            .title(title)
            .xAxisTitle("path length (blocks)")
            .yAxisTitle(axis)
            .build();
    Look.apply(chart, largest);
    chart.getStyler().setXAxisDecimalPattern("0");
    return chart;
  }

  private static XYChart distribution(PathGradients gradients) {
    PathCounts counts = gradients.paths().lengths();
    List<Integer> all = IntStream.rangeClosed(counts.shortest(), counts.longest()).boxed().toList();
    List<Double> shares = all.stream().map(k -> 100 * counts.probability(k)).toList();
    XYChart chart = chart("How many paths there are", "share of all paths (%)", largest(shares));
    line(chart, 0, "paths", all, shares);
    return chart;
  }

  /** On a logarithmic axis, where nothing can be 0: what is, is left out. */
  private static XYChart singlePaths(List<LengthGradient> lengths) {
    ToDoubleFunction<LengthGradient> perPath = GradientPlot::pathNorm;
    List<LengthGradient> shown =
        lengths.stream()
            .filter(row -> perPath.applyAsDouble(row) > 0)
            .filter(row -> Double.isFinite(perPath.applyAsDouble(row)))
            .toList();
    XYChart chart = chart("How large the gradient through one path is", "gradient norm", 1);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisDecimalPattern("0.#E0");
    double least = shown.stream().mapToDouble(perPath).min().orElse(0.1) / 3;
    chart.getStyler().setYAxisMin(least);
    chart.getStyler().setYAxisMax(shown.stream().mapToDouble(perPath).max().orElse(1) * 3);
    drawIntervals(chart, shown, least);
    if (!shown.isEmpty()) {
      line(
          chart,
          0,
          name(shown.get(0)),
          shown.stream().map(LengthGradient::length).toList(),
          shown.stream().map(perPath::applyAsDouble).toList());
    }
    return chart;
  }

  private static String name(LengthGradient row) {
    return row.meanPathNorm().isPresent()
        ? "mean norm of sampled paths"
        : row.rmsPathNorm().isPresent()
            ? "root mean square of the norms of all paths"
            : "norm of the sum over all paths, for each path";
  }

  private static double pathNorm(LengthGradient row) {
    return row.meanPathNorm()
        .orElseGet(() -> row.rmsPathNorm().orElseGet(() -> perPath(row, sumNorm(row))));
  }

  private static double sumNorm(LengthGradient row) {
    return row.pathSumNorm().orElse(Double.NaN);
  }

  private static double perPath(LengthGradient row, double sum) {
    return sum / row.paths().doubleValue();
  }

  private static void drawIntervals(XYChart chart, List<LengthGradient> rows, double least) {
    List<LengthGradient> shown =
        rows.stream()
            .filter(row -> row.rmsPathNorm().isEmpty() && row.interval().isPresent())
            .toList();
    if (shown.size() < 2) {
      return;
    }
    List<Integer> across = new ArrayList<>(shown.stream().map(LengthGradient::length).toList());
    List<Double> up = new ArrayList<>();
    shown.forEach(row -> up.add(Math.max(least, end(row, row.interval().map(Interval::low)))));
    for (int i = shown.size() - 1; i >= 0; i--) {
      LengthGradient row = shown.get(i);
      across.add(row.length());
      up.add(Math.max(least, end(row, row.interval().map(Interval::high))));
    }
    XYSeries band = chart.addSeries("95 % interval", across, up);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(Look.bandColor(0));
    band.setLineColor(Look.bandColor(0));
    band.setMarker(SeriesMarkers.NONE);
  }

  private static double end(LengthGradient row, Optional<Double> end) {
    double value = end.orElse(Double.NaN);
    return row.meanPathNorm().isPresent() ? value : perPath(row, value);
  }

  private static XYChart totals(
      PathGradients gradients, List<LengthGradient> lengths, double mass) {
    List<Integer> across = lengths.stream().map(LengthGradient::length).toList();
    List<Double> weights = lengths.stream().map(row -> 100 * finite(row.weight())).toList();
    XYChart chart =
        chart("How much of the gradient they carry together", "weight (%)", largest(weights));
    if (gradients.verified() && lengths.stream().allMatch(row -> Double.isFinite(row.weight()))) {
      shade(chart, gradients.effectiveLengths(mass), lengths);
    }
    line(chart, 0, "all paths of a length", across, weights);
    return chart;
  }

  private static void shade(
      XYChart chart, EffectiveLengths effective, List<LengthGradient> lengths) {
    List<Integer> across = new ArrayList<>();
    List<Double> up = new ArrayList<>();
    for (LengthGradient row : lengths) {
      if (row.length() >= effective.from() && row.length() <= effective.to()) {
        across.add(row.length());
        up.add(100 * row.weight());
      }
    }
    across.add(effective.to());
    up.add(0.0);
    across.add(effective.from());
    up.add(0.0);
    XYSeries band =
        chart.addSeries(
            String.format(
                Locale.ROOT,
                "lengths %d to %d: %.1f %% of the gradient, %.3g %% of the paths",
                effective.from(),
                effective.to(),
                100 * effective.mass(),
                100 * effective.pathShare()),
            across,
            up);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(Look.bandColor(1));
    band.setLineColor(Look.bandColor(1));
    band.setMarker(SeriesMarkers.NONE);
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }

  private static double largest(List<Double> values) {
    return values.stream().mapToDouble(value -> value).max().orElse(0);
  }

  private static void line(
      XYChart chart, int index, String name, List<Integer> across, List<Double> up) {
    XYSeries series = chart.addSeries(name, across, up);
    series.setLineStyle(Look.solid());
    series.setLineColor(Look.color(index));
    series.setMarker(Look.marker(index));
    series.setMarkerColor(Look.color(index));
  }
}
