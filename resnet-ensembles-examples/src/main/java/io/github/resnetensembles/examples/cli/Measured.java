package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
import java.util.Optional;

/**
 * A measurement on an open network, before it is run.
 *
 * @param <R> what comes out
 */
interface Measured<R extends Result> {
  /** What the bar calls it. */
  String title();

  /** What it costs, on one line. */
  String cost();

  /** Cuts it into pieces of the size that the store's flags name. */
  StudyTasks<R> cut(StoreOptions store);

  /** Whether it cannot be cut beforehand, since what it runs is planned by what it finds. */
  default boolean inRounds() {
    return false;
  }

  /**
   * Runs what has rounds with a store.
   *
   * @return the result; empty for a worker, who writes none
   */
  default Optional<R> run(StoreOptions store, CommonOptions common) {
    throw new IllegalStateException("it has no rounds: cut it");
  }

  /** Runs it in one piece. */
  R run(ProgressListener listener);

  /** Shows a result, and writes it to the files that were asked for. */
  void write(R result, OutputOptions outputs, CommonOptions common);

  /** Writes what a run had finished when it was interrupted, if there is anything. */
  void writePartial(RunInterruptedException end, OutputOptions outputs, CommonOptions common);
}
