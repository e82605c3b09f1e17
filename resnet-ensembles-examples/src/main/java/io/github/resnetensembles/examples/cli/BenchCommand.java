package io.github.resnetensembles.examples.cli;

import picocli.CommandLine.Command;

/** {@code bench}: what speed and memory depend on, as ratios of runs made side by side. */
@Command(
    name = "bench",
    description = "Measures speed, as ratios of runs made side by side, and memory.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchSweepCommand.class,
      BenchGradientsCommand.class,
      BenchShapleyCommand.class,
      BenchTrainCommand.class,
      BenchDepthCommand.class,
      BenchSoakCommand.class
    })
final class BenchCommand {
  BenchCommand() {}
}
