package io.github.resnetensembles.examples.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gradients}: the gradient by path length. */
@Command(
    name = "gradients",
    description = "Measures the gradient of a network by path length, on the first batch.",
    sortOptions = false)
final class GradientsCommand implements PiecewiseCommand {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final GradientFlags measurement = new GradientFlags();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  GradientsCommand() {}

  @Override
  public StudyRun studies() {
    return new StudyRun(
        network, data, compute, store, common, List.of(new StudyRun.Part(measurement, outputs)));
  }
}
