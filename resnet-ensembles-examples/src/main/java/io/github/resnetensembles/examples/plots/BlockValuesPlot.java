package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.statistics.Interval;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;

/** A picture of block values: Shapley and Banzhaf value of each block, with their intervals. */
public final class BlockValuesPlot {
  /** Keeps values that are all 0 in the middle. */
  private static final double MIN_MARGIN = 0.005;

  private BlockValuesPlot() {}

  /**
   * Draws block values.
   *
   * @param values the values
   * @return the picture
   */
  public static Picture picture(BlockValues values) {
    return new Picture(chart(values));
  }

  /**
   * Draws into a file.
   *
   * @param file a PNG or SVG file by its ending
   * @param values the values
   * @throws InvalidInputException as {@link #picture} does, or if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, BlockValues values) {
    picture(values).writeTo(file);
  }

  static XYChart chart(BlockValues values) {
    LesionReport report = values.report();
    XYChart chart =
        new XYChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(
                (values.exact() ? "Values of blocks: " : "Sampled values of blocks: ")
                    + report.provenance().architecture().name()
                    + (report.provenance().trained() ? "" : " (untrained)")
                    + ", "
                    + report.provenance().data()
                    + ", "
                    + report.baseline().total()
                    + " images")
            .xAxisTitle("block; bars: intervals over images and orders where they are known")
            .yAxisTitle(
                values.payoff() == Payoff.ACCURACY ? "accuracy gained" : "loss saved (nats)")
            .build();
    Look.apply(chart);
    int blocks = report.provenance().architecture().size();
    chart.getStyler().setXAxisDecimalPattern("0").setXAxisMin(0.0).setXAxisMax(blocks + 1.0);
    double lowest = values.blocks().stream().mapToDouble(BlockValuesPlot::low).min().orElse(0);
    double highest = values.blocks().stream().mapToDouble(BlockValuesPlot::high).max().orElse(0);
    double margin = Math.max(MIN_MARGIN, 0.05 * (highest - lowest));
    chart
        .getStyler()
        .setYAxisDecimalPattern("0.00")
        .setYAxisMin(Math.min(0, lowest) - margin)
        .setYAxisMax(Math.max(0, highest) + margin);
    List<Integer> numbers = values.blocks().stream().map(BlockValue::block).toList();
    style(
        chart.addSeries(
            "Shapley",
            numbers,
            values.blocks().stream().map(block -> block.shapley().value()).toList(),
            values.blocks().stream().map(block -> halfWidth(shown(block))).toList()),
        0);
    style(
        chart.addSeries(
            "Banzhaf",
            numbers,
            values.blocks().stream().map(block -> block.banzhaf().value()).toList(),
            values.blocks().stream().map(block -> halfWidth(block.banzhaf().interval())).toList()),
        1);
    return chart;
  }

  private static Interval shown(BlockValue value) {
    return value.shapleyOverImages().orElse(value.shapley().interval());
  }

  private static double low(BlockValue value) {
    return Math.min(shown(value).low(), value.banzhaf().interval().low());
  }

  private static double high(BlockValue value) {
    return Math.max(shown(value).high(), value.banzhaf().interval().high());
  }

  private static double halfWidth(Interval interval) {
    return interval.width() / 2;
  }

  private static void style(XYSeries series, int index) {
    series.setLineColor(Look.color(index));
    series.setLineStyle(Look.solid());
    series.setMarker(Look.marker(index));
    series.setMarkerColor(Look.color(index));
  }
}
