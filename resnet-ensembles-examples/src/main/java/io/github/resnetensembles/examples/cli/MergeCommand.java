package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.result.MergeOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code merge}: joins results of disjoint shards. */
@Command(
    name = "merge",
    description = "Merges lesion results of disjoint shards: of rows, of records, or of both.",
    sortOptions = false)
final class MergeCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.json", description = "Results of 'lesion --json'.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--allow-unverified",
      description =
          "Merge although fingerprints differ, or a result has none: nothing shows then that one"
              + " network gave all of them.")
  private boolean allowUnverified;

  @Option(
      names = "--allow-partial",
      description =
          "Ends with 0 although rows of the plan, or records, are missing (otherwise with 1, after"
              + " writing).")
  private boolean allowPartial;

  @Mixin private final OutputOptions outputs = new OutputOptions();

  @Mixin private final CommonOptions common = new CommonOptions();

  MergeCommand() {}

  @Override
  public Integer call() {
    if (outputs.json == null) {
      throw common.usage("Missing required option: '--json=FILE'");
    }
    outputs.plots.check();
    LesionReport merged =
        LesionReport.merge(
            files.stream().map(InputFiles::report).toList(),
            allowUnverified
                ? new MergeOption[] {MergeOption.ALLOW_UNVERIFIED}
                : new MergeOption[0]);
    ResultText.print(merged, common.out());
    outputs.write(merged, common.streams());
    if (merged.complete()) {
      return ExitCodes.DONE;
    }
    common.err().println("incomplete: missing are " + String.join("; ", merged.missing()));
    return allowPartial ? ExitCodes.DONE : ExitCodes.FAILED;
  }
}
