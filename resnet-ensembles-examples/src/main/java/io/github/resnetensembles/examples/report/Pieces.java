package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.run.StoreOption;
import io.github.resnetensembles.run.StudyExecutor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How the studies of a report are computed in pieces, and where finished ones are kept.
 *
 * @param store the folder that keeps them; empty for {@code store} in that of the report
 * @param options what the store lets pass
 * @param executor who computes them, those of all networks together; empty for this process, one
 *     study after the other
 * @param maxCost what a piece may cost, in block evaluations; empty for a tenth of a study, and a
 *     batch for each thread at least
 * @param threads that compute a piece; 0 for one for each core
 */
public record Pieces(
    Optional<Path> store,
    Set<StoreOption> options,
    Optional<StudyExecutor> executor,
    OptionalLong maxCost,
    int threads) {
  /** That an interruption loses little. */
  private static final int OF_A_STUDY = 10;

  /**
   * Copies the set.
   *
   * @param store the folder that keeps them
   * @param options what the store lets pass
   * @param executor who computes them
   * @param maxCost what a piece may cost, in block evaluations
   * @param threads that compute a piece
   */
  public Pieces {
    options = Set.copyOf(options);
  }

  /** {@return pieces computed by this process with a thread for each core, kept in the report} */
  public static Pieces here() {
    return new Pieces(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.empty(), 0);
  }

  /**
   * What a piece of a study may cost.
   *
   * @param whole what the study costs
   * @param images that it is run on
   * @param batch images of one batch
   */
  long cost(double whole, int images, int batch) {
    if (maxCost.isPresent()) {
      return maxCost.getAsLong();
    }
    double batches = Math.ceil((double) images / batch);
    // A piece has a batch for each thread, or some would be idle.
    int atOnce = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    return (long) Math.max(1, Math.max(whole / OF_A_STUDY, Math.ceil(whole / batches) * atOnce));
  }
}
