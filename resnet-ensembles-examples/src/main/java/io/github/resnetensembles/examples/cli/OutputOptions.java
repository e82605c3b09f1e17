package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.result.TableResult;
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

  /** Writes a result to every file that was asked for; the numbers first, then the picture. */
  void write(TableResult result, Streams streams) {
    writeNumbers(result, streams);
    draw(result, streams);
  }

  /** Writes what a stopped study leaves: no picture, which would not show that it is incomplete. */
  void writeNumbers(TableResult result, Streams streams) {
    writeNumbers(result::toJson, result::toCsv, streams);
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

  /** Draws a result, if that was asked for. */
  void draw(Result result, Streams streams) {
    draw(() -> Report.builder().add(result).figures(), streams);
  }

  /** Draws, if that was asked for: a failure after the work is the run's, not the user's. */
  void draw(Supplier<List<Figure>> figures, Streams streams) {
    try {
      plots.write(figures, streams);
    } catch (InvalidInputException e) {
      throw new RunFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
