package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.spi.Backend;
import java.util.List;

/**
 * What computes.
 *
 * @param backend the backend
 * @param options device, precision, threads
 * @param batchSize images for each engine call
 * @param version of the library
 * @param flags that say the same on the command line, where it is not the default
 * @param pieces how studies are computed in pieces
 */
public record Engine(
    Backend backend,
    ModelOptions options,
    int batchSize,
    String version,
    List<String> flags,
    Pieces pieces) {
  /**
   * Copies the list.
   *
   * @param backend the backend
   * @param options device, precision, threads
   * @param batchSize images for each engine call
   * @param version of the library
   * @param flags that say the same on the command line
   * @param pieces how studies are computed in pieces
   */
  public Engine {
    flags = List.copyOf(flags);
  }

  /** How studies are run. */
  RunOptions runOptions() {
    return RunOptions.defaults().withBatchSize(batchSize);
  }
}
