package io.github.resnetensembles.examples.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code shapley}: what each block contributes. */
@Command(
    name = "shapley",
    description =
        "Computes the Shapley and Banzhaf value of every block: exactly, from all sets of blocks,"
            + " or sampled from random orders.",
    sortOptions = false)
final class ShapleyCommand implements PiecewiseCommand {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ShapleyFlags measurement = new ShapleyFlags();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  ShapleyCommand() {}

  @Override
  public StudyRun studies() {
    return new StudyRun(
        network, data, compute, store, common, List.of(new StudyRun.Part(measurement, outputs)));
  }
}
