package io.github.resnetensembles.examples.cli;

import picocli.CommandLine.Command;

/**
 * {@code bench}: what a benchmark within one JVM cannot tell: whole programs beside others, errors
 * by depth, and memory.
 */
@Command(
    name = "bench",
    description = "Measures speed beside other programs, errors by depth, and memory.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchBesideCommand.class,
      BenchTrainCommand.class,
      BenchDepthCommand.class,
      BenchSoakCommand.class,
      BenchImagesCommand.class
    })
final class BenchCommand {
  BenchCommand() {}
}
