package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.report.Figure;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code paths}: counts paths by length, without running anything. */
@Command(
    name = "paths",
    description = "Counts the paths of a network by their length.",
    sortOptions = false)
final class PathsCommand implements Callable<Integer> {
  @Option(
      names = "--blocks",
      paramLabel = "N",
      description =
          "The number of blocks of a residual network (in place of --arch, --weights or --model).")
  private @Nullable Integer blocks;

  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();

  @Option(
      names = "--between",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description = "Adds the share of the paths whose length is from a to b.")
  private @Nullable Range between;

  @Option(
      names = "--deleted",
      paramLabel = "K",
      description = "Adds the share of the paths of each length that K random deletions leave.")
  private @Nullable Integer deleted;

  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  PathsCommand() {}

  @Override
  public Integer call() {
    outputs.plots.check();
    PathTable table =
        PathTable.of(
            paths(), between, deleted == null ? OptionalInt.empty() : OptionalInt.of(deleted));
    table.print(common.out());
    write(table);
    return ExitCodes.DONE;
  }

  private PathEnumerator paths() {
    boolean described = network.named();
    if (blocks != null && described) {
      throw new InvalidInputException(
          "--blocks stands in place of --arch and --weights: give one of them");
    }
    if (blocks != null && network.detailed()) {
      throw new InvalidInputException(
          "--plain and other flags that describe a network need --arch or --weights");
    }
    if (blocks != null) {
      return PathEnumerator.of(blocks);
    }
    if (!described) {
      throw new InvalidInputException("no network: give --blocks N, --arch NAME or --weights FILE");
    }
    return PathEnumerator.of(network.describe(new EngineOptions()));
  }

  private void write(PathTable table) {
    outputs.writeNumbers(table::json, table::csv, common.streams());
    outputs.draw(() -> List.of(Figure.of(table.paths(), table.deleted())), common.streams());
  }
}
