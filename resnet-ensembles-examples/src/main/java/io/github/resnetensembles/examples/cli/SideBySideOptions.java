package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import picocli.CommandLine.Option;

/** How many damaged networks share an engine call. */
final class SideBySideOptions {
  @Option(
      names = "--wirings-at-once",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Damaged networks that share an engine call, each with its own --batch of images: for GPUs,"
              + " on which small calls take as long as large ones (default: ${DEFAULT-VALUE}).")
  private int wirings = 1;

  RunOptions runOptions(ComputeOptions compute, ProgressListener listener) {
    return compute.runOptions(listener).withWiringsAtOnce(wirings);
  }
}
