package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.report.Figure;
import java.nio.file.Path;

/** A picture of a report's figure. */
public final class FigurePlot {
  private FigurePlot() {}

  /**
   * Draws a figure. Series differ by marker, dash and lightness; intervals are bands around lines
   * and whiskers elsewhere; levels are dashed.
   *
   * @param file a PNG or SVG file by its ending; an existing one is replaced in one atomic move
   * @param figure the figure
   * @throws InvalidInputException if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, Figure figure) {
    if (PlotFile.isSvg(file)) {
      ResultFiles.write(file, SvgChart.file(figure));
    } else {
      new Picture(FigureChart.of(figure, FigureSize.FILE).chart()).writeTo(file);
    }
  }
}
