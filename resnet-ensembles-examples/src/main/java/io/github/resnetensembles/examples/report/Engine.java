package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.ModelOptions;
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
 */
public record Engine(
    Backend backend, ModelOptions options, int batchSize, String version, List<String> flags) {
  /**
   * Copies the list.
   *
   * @param backend the backend
   * @param options device, precision, threads
   * @param batchSize images for each engine call
   * @param version of the library
   * @param flags that say the same on the command line
   */
  public Engine {
    flags = List.copyOf(flags);
  }
}
