package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.plots.FigurePlot;
import io.github.resnetensembles.examples.plots.FigurePlot.Format;
import io.github.resnetensembles.report.Figure;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the picture goes, and how it is stored. */
final class PlotOptions {
  static final String LABEL = "FILE.png|.svg";

  @Option(
      names = "--plot",
      paramLabel = LABEL,
      description =
          "Draws the result, as PNG or SVG by the file's ending; - is standard output, as SVG.")
  @Nullable Output plot;

  @Option(
      names = "--plot-format",
      paramLabel = "png|svg",
      description = "How the picture is stored where the name does not say it (default: svg).")
  private @Nullable Format format;

  /** Checks, before the work, that a picture can be drawn. */
  void check() {
    if (plot != null) {
      Format unused = format(plot);
      FigurePlot.checkFonts();
    } else if (format != null) {
      throw new InvalidInputException("--plot-format needs --plot");
    }
  }

  /** Draws, if that was asked for. */
  void write(Supplier<List<Figure>> figures, Streams streams) {
    Output target = plot;
    if (target != null) {
      List<Figure> drawn = figures.get();
      target.write(out -> FigurePlot.write(out, format(target), drawn), streams);
    }
  }

  private Format format(Output target) {
    Optional<Format> named = FigurePlot.format(target.path());
    if (format != null && named.isPresent() && named.get() != format) {
      throw new InvalidInputException(
          "--plot-format does not go with the ending of --plot " + target + "; give one of them");
    }
    if (format != null) {
      return format;
    }
    if (named.isEmpty() && (target.isStandardOutput() || isSpecial(target))) {
      return Format.SVG;
    }
    return named.orElseThrow(
        () ->
            new InvalidInputException(
                ("a plot is a .png or .svg file, got %s; give it one of these endings, or"
                        + " --plot-format")
                    .formatted(target)));
  }

  private static boolean isSpecial(Output target) {
    return Files.exists(target.path()) && !Files.isRegularFile(target.path());
  }
}
