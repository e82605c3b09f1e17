package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.ResultFiles;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;

/** Files that pictures are written to: PNG or SVG, by their ending. */
public final class PlotFile {
  private PlotFile() {}

  /**
   * Checks that a file's ending names a format.
   *
   * @param file the file
   * @throws InvalidInputException if it ends neither in {@code .png} nor in {@code .svg}
   */
  public static void check(Path file) {
    if (!isSvg(file) && !hasEnding(file, ".png")) {
      throw new InvalidInputException(
          "a plot is a .png or .svg file, got " + file + "; give it one of these endings");
    }
  }

  /** Writes a chart in one atomic move. */
  static void write(Path file, IChart chart) {
    check(file);
    ResultFiles.write(
        file,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary)) {
            ChartEncoder.saveChart(chart, out, isSvg(file) ? "svg" : "png");
          }
        });
  }

  static boolean isSvg(Path file) {
    return hasEnding(file, ".svg");
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
