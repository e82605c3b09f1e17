package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.run.StudyTasks;
import java.io.Serializable;
import java.util.List;

/**
 * Says how studies are set up, on any machine: which weights and images are opened, and how the
 * studies are cut. It travels; what it opens does not. Equal set-ups are opened once for all tasks
 * that run in one process, so implementations have {@code equals} and {@code hashCode}: a record of
 * names and numbers, say.
 */
@FunctionalInterface
public interface Setup extends Serializable {
  /**
   * Opens weights and images, and cuts the studies. The model should have one thread ({@code
   * ModelOptions.withThreads(1)}): every task slot of Spark runs a task of its own on it.
   *
   * @return the studies; the same as on every other machine, with the same keys
   */
  Opened open();

  /** Studies that are set up. */
  interface Opened extends AutoCloseable {
    /** {@return the studies, in pieces} */
    List<StudyTasks<?>> studies();

    /** Closes models and images. */
    @Override
    void close();
  }
}
