package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.plots.LabelledReport;
import io.github.resnetensembles.examples.plots.LesionPlots;
import io.github.resnetensembles.lesion.LesionReport;
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
    description = "Draws one or more lesion results in one picture.",
    sortOptions = false)
final class PlotCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.json", description = "Results of 'lesion --json'.")
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
          "Give one --label for each result or none, got "
              + labels.size()
              + " labels for "
              + files.size()
              + " results");
    }
    if (plots.plot == null) {
      throw common.usage("Missing required option: '--plot=" + PlotOptions.LABEL + "'");
    }
    plots.check();
    List<LabelledReport> reports = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      LesionReport report = InputFiles.report(files.get(i));
      reports.add(
          labels.isEmpty() ? LabelledReport.of(report) : new LabelledReport(labels.get(i), report));
    }
    write(reports);
    return ExitCodes.DONE;
  }

  private void write(List<LabelledReport> reports) {
    try {
      plots.write(() -> LesionPlots.picture(reports), common.streams());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
    common.out().println("drawn: " + reports.size() + " results");
  }
}
