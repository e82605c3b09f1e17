package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.plots.LabelledReport;
import io.github.resnetensembles.examples.plots.LesionPlots;
import io.github.resnetensembles.examples.plots.Picture;
import io.github.resnetensembles.lesion.LesionReport;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files that results are written to. */
final class OutputOptions {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the result as JSON; - is standard output, which then gets no text.")
  @Nullable Output json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes one line for each row; - is standard output.")
  @Nullable Output csv;

  @Mixin final PlotOptions plots = new PlotOptions();

  /** Writes a report to every file that was asked for; the numbers first, then the picture. */
  void write(LesionReport report, Streams streams) {
    writeNumbers(report, streams);
    draw(() -> LesionPlots.picture(List.of(LabelledReport.of(report))), streams);
  }

  /** Writes what a stopped study leaves: no picture, which would not show that it is incomplete. */
  void writeNumbers(LesionReport report, Streams streams) {
    writeNumbers(report::toJson, report::toCsv, streams);
  }

  /** Writes the numbers to every file that was asked for. */
  void writeNumbers(Supplier<String> asJson, Supplier<String> asCsv, Streams streams) {
    if (json != null) {
      json.write(asJson.get(), streams);
    }
    if (csv != null) {
      csv.write(asCsv.get(), streams);
    }
  }

  /** Draws, if that was asked for: a failure after the work is the run's, not the user's. */
  void draw(Supplier<Picture> picture, Streams streams) {
    try {
      plots.write(picture, streams);
    } catch (InvalidInputException e) {
      throw new RunFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
