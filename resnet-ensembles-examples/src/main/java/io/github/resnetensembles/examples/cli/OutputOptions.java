package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.examples.plots.LabelledReport;
import io.github.resnetensembles.examples.plots.LesionPlots;
import io.github.resnetensembles.examples.plots.PlotFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that results are written to. */
final class OutputOptions {
  @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON.")
  @Nullable Path json;

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes one line for each row.")
  @Nullable Path csv;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|.svg",
      description = "Draws the result, as PNG or SVG by the file's ending.")
  @Nullable Path plot;

  /**
   * Checks, before any work, that every file can be written, and that none is a file the work
   * reads.
   */
  void check(List<@Nullable Path> inputs) {
    Map<String, Path> targets = new LinkedHashMap<>();
    add(targets, "--json", json);
    add(targets, "--csv", csv);
    add(targets, "--plot", plot);
    if (plot != null) {
      PlotFile.check(plot);
    }
    OutputFiles.check(targets, inputs);
  }

  /** Writes a report to every file that was asked for; the numbers first, then the picture. */
  void write(LesionReport report) {
    writeNumbers(report);
    Path file = plot;
    if (file != null) {
      OutputFiles.write(() -> LesionPlots.write(file, List.of(LabelledReport.of(report))));
    }
  }

  /** Writes what a stopped study leaves: no picture, which would not show that it is incomplete. */
  void writeNumbers(LesionReport report) {
    OutputFiles.write(
        () -> {
          if (json != null) {
            report.writeJson(json);
          }
          if (csv != null) {
            report.writeCsv(csv);
          }
        });
  }

  private static void add(Map<String, Path> targets, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    targets.forEach(
        (other, taken) -> {
          if (taken.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize())) {
            throw new InvalidInputException(
                option + " and " + other + " name the same file, " + file + "; give two");
          }
        });
    targets.put(option, file);
  }
}
