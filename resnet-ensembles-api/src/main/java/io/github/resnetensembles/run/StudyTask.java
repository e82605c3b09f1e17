package io.github.resnetensembles.run;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;

/**
 * A piece of a study: some of its rows on some of its records, say. Running it gives a result that
 * says which piece it is of which whole. Made by {@link StudyTasks}; the same study on the same
 * network and images has the same tasks in every process, told by their keys.
 *
 * <p>Implemented by this library alone.
 *
 * @param <R> what comes out
 */
public interface StudyTask<R extends Result> {
  /**
   * {@return what tells this task from all others: the SHA-256, in lower-case hex, of the study's
   * {@linkplain StudyTasks#key() key} and of the piece}
   */
  String key();

  /** {@return the {@linkplain StudyTasks#key() key} of the study that it is a piece of} */
  String study();

  /** {@return what it is, for people to read, on one line} */
  String description();

  /** {@return what it costs, in block evaluations or what takes as long: at least 1} */
  long cost();

  /** {@return the class of what comes out} */
  Class<R> type();

  /**
   * Computes the piece, on the network that the study was set up for. May be called by several
   * threads at a time, as for several tasks.
   *
   * @param listener is told of the progress of this task
   * @return the piece of the result
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  R run(ProgressListener listener);
}
