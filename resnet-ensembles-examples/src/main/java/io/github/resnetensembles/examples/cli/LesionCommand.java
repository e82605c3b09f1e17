package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.lesion.LesionPlan;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lesion}: damages a network and counts its errors. */
@Command(
    name = "lesion",
    description = "Damages a network in the ways given and counts its errors.",
    sortOptions = false)
final class LesionCommand implements PiecewiseCommand {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final LesionFlags measurement = new LesionFlags();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  LesionCommand() {}

  @Override
  public StudyRun studies() {
    return new StudyRun(
        network, data, compute, store, common, List.of(new StudyRun.Part(measurement, outputs)));
  }

  @Override
  public Integer call() {
    Output file = measurement.plans.savePlan;
    return file == null ? PiecewiseCommand.super.call() : savePlan(file);
  }

  private int savePlan(Output file) {
    measurement.check(outputs, store.given());
    LesionPlan plan = measurement.saved(network.describe(compute), data, compute);
    file.write(plan.toJson(), common.streams());
    common.out().println("plan of " + plan.rows().size() + " lesions: " + plan.description());
    return ExitCodes.DONE;
  }
}
