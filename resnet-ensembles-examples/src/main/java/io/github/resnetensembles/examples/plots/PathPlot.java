package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathEnumerator;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of path lengths: the share of each, and what of it is left after deletions. */
public final class PathPlot {
  /** The shares beyond the ends of the axis, together. */
  private static final double BEYOND = 1e-6;

  private static final int MOST_MARKERS = 120;

  private PathPlot() {}

  /**
   * Draws path lengths.
   *
   * @param paths what to draw, at least one path
   * @param deleted how many random blocks are deleted, for a second curve
   * @return the picture
   */
  public static Picture picture(PathEnumerator paths, OptionalInt deleted) {
    return new Picture(chart(paths, deleted));
  }

  /**
   * Draws into a file.
   *
   * @param file a PNG or SVG file by its ending
   * @param paths what to draw, at least one path
   * @param deleted how many random blocks are deleted, for a second curve
   * @throws InvalidInputException as {@link #picture} does, or if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, PathEnumerator paths, OptionalInt deleted) {
    picture(paths, deleted).writeTo(file);
  }

  static XYChart chart(PathEnumerator paths, OptionalInt deleted) {
    PathCounts lengths = paths.lengths();
    List<Integer> shown =
        IntStream.rangeClosed(lengths.quantile(BEYOND / 2), lengths.quantile(1 - BEYOND / 2))
            .boxed()
            .toList();
    XYChart chart =
        new XYChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title("Path lengths of a network of " + paths.blocks() + " blocks")
            .xAxisTitle("path length (blocks)")
            .yAxisTitle("share of all paths (%)")
            .build();
    Look.apply(
        chart, shown.stream().mapToDouble(k -> 100 * lengths.probability(k)).max().orElse(0));
    chart.getStyler().setXAxisDecimalPattern("0");
    draw(chart, 0, "all paths", shown, lengths::probability);
    deleted.ifPresent(
        k ->
            draw(
                chart,
                1,
                "left after deleting " + k + " random blocks",
                shown,
                length ->
                    lengths.count(length).signum() == 0
                        ? 0
                        : lengths.probability(length) * paths.ofLength(length).fractionLeft(k)));
    return chart;
  }

  private static void draw(
      XYChart chart, int index, String name, List<Integer> lengths, IntToDoubleFunction share) {
    XYSeries series =
        chart.addSeries(
            name,
            lengths,
            lengths.stream().map(length -> 100 * share.applyAsDouble(length)).toList());
    series.setLineStyle(Look.solid());
    series.setLineColor(Look.color(index));
    series.setMarker(lengths.size() <= MOST_MARKERS ? Look.marker(index) : SeriesMarkers.NONE);
    series.setMarkerColor(Look.color(index));
  }
}
