package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.files.OutputFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;

/** A drawing that can be written. */
public final class Picture {
  /** How pictures are stored. */
  public enum Format {
    /** Pixels. */
    PNG,
    /** Shapes and text. */
    SVG
  }

  private final IChart chart;

  Picture(IChart chart) {
    this.chart = chart;
  }

  /**
   * Writes a file.
   *
   * @param file a PNG or SVG file by its ending
   * @throws InvalidInputException if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public void writeTo(Path file) {
    PlotFile.check(file);
    new OutputFile(file).write(out -> writeTo(out, PlotFile.format(file).orElseThrow()));
  }

  /**
   * Writes bytes.
   *
   * @param out where they go; it is not closed
   * @param format of the picture
   * @throws IOException if writing fails
   */
  public void writeTo(OutputStream out, Format format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // A folder for temporary files may be missing; a picture fits into memory.
    ImageIO.setUseCache(false);
    try {
      // The encoders close streams, or do not, as they like.
      ChartEncoder.saveChart(chart, bytes, format == Format.SVG ? "svg" : "png");
    } catch (IOException e) {
      throw new UncheckedIOException("a chart could not be drawn", e);
    }
    bytes.writeTo(out);
  }
}
