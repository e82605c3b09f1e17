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
 */
public record Engine(
    Backend backend, ModelOptions options, int batchSize, String version, List<String> flags) {
  /** That an interruption loses little. */
  private static final int PIECES = 10;

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

  /** How studies are run. */
  RunOptions runOptions() {
    return RunOptions.defaults().withBatchSize(batchSize);
  }

  /**
   * What a piece of a study may cost.
   *
   * @param whole what the study costs
   * @param images that it is run on
   * @param batch images of one batch
   */
  long pieceCost(double whole, int images, int batch) {
    int threads =
        options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    double batches = Math.ceil((double) images / batch);
    // A piece has a batch for each thread, or some would be idle.
    return (long) Math.max(1, Math.max(whole / PIECES, Math.ceil(whole / batches) * threads));
  }
}
