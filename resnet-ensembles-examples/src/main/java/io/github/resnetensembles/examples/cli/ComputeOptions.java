package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import picocli.CommandLine.Option;

/** What computes, where, and in which batches. */
final class ComputeOptions extends EngineOptions {
  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "" + RunOptions.DEFAULT_BATCH_SIZE,
      description = "Images for each engine call (default: ${DEFAULT-VALUE}).")
  int batch = RunOptions.DEFAULT_BATCH_SIZE;

  RunOptions runOptions(ProgressListener listener) {
    return new RunOptions(batch, listener);
  }
}
