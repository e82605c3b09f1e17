package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.TableResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code merge}: joins results of disjoint shards. */
@Command(
    name = "merge",
    description =
        "Merges results of shards: lesions and recalibrations of rows, of records, or of both,"
            + " gradients of batches.",
    sortOptions = false)
final class MergeCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE.json",
      description = "Results of one kind, as --json wrote them.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--allow-unverified",
      description =
          "Merge although fingerprints differ, or a result has none: nothing shows then that one"
              + " network gave all of them.")
  private boolean allowUnverified;

  @Option(
      names = "--mixed",
      description =
          "Merge results of different instruction sets, engines or devices, whose last bits may"
              + " differ; the result says so.")
  private boolean mixed;

  @Option(
      names = "--allow-partial",
      description =
          "Ends with 0 although rows, records or batches are missing (otherwise with 1, after"
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
    TableResult merged = MergedFiles.merge(files, options());
    MergedFiles.print(merged, common.out());
    outputs.write(merged, common.streams());
    List<String> missing = MergedFiles.missing(merged);
    if (missing.isEmpty()) {
      return ExitCodes.DONE;
    }
    common.err().println("incomplete, missing: " + String.join("; ", missing));
    return allowPartial ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private MergeOption[] options() {
    Set<MergeOption> options = EnumSet.noneOf(MergeOption.class);
    if (allowUnverified) {
      options.add(MergeOption.ALLOW_UNVERIFIED);
    }
    if (mixed) {
      options.add(MergeOption.MIXED);
    }
    return options.toArray(MergeOption[]::new);
  }
}
