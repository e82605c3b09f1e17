package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.result.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plot}: draws results together. */
@Command(
    name = "plot",
    description = "Draws one or more results in one picture.",
    sortOptions = false)
final class PlotCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.json", description = "Results of --json.")
  private List<Path> files = new ArrayList<>();

  @Mixin private final PlotOptions plots = new PlotOptions();

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "What the legend calls each result, in order (default: the architecture).")
  private List<String> labels = new ArrayList<>();

  @Mixin private final CommonOptions common = new CommonOptions();

  PlotCommand() {}

  @Override
  public Integer call() {
    if (!labels.isEmpty() && labels.size() != files.size()) {
      throw common.usage(
          "Give one --label for each result or none, got %s labels for %s results"
              .formatted(labels.size(), files.size()));
    }
    if (plots.plot == null) {
      throw common.usage("Missing required option: '--plot=" + PlotOptions.LABEL + "'");
    }
    plots.check();
    Report.Builder results = Report.builder();
    for (int i = 0; i < files.size(); i++) {
      Result result = InputFiles.result(files.get(i));
      results = labels.isEmpty() ? results.add(result) : results.add(labels.get(i), result);
    }
    plots.write(results::figures, common.streams());
    common.out().println("drawn: " + files.size() + " results");
    return ExitCodes.DONE;
  }
}
