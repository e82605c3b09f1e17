package io.github.resnetensembles.run;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import java.util.List;

/** Runs tasks somewhere. Whoever has other machines implements its one method. */
@FunctionalInterface
public interface StudyExecutor {
  /** How often a task that fails is tried unless told otherwise: 3 times. */
  int DEFAULT_ATTEMPTS = 3;

  /**
   * Runs all tasks whose results the store does not have, in any order, and returns when it has
   * them. Several executors may work on one store at a time.
   *
   * @param studies whose tasks
   * @param store where results go
   * @param listener is told of the progress of all tasks together, in block evaluations
   * @throws StudyFailedException if tasks failed as often as they may; all others were run
   * @throws RunInterruptedException if the thread was interrupted; finished tasks are in the store
   */
  void execute(List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener);

  /**
   * {@return an executor that runs the tasks one after the other on the models that they were set
   * up for, in this process, with all threads of these; it leaves alone what others are at work on,
   * and waits for them at the end}
   */
  static StudyExecutor here() {
    return new WorkHere(DEFAULT_ATTEMPTS);
  }

  /**
   * Processes of this machine that take task after task from the store. Each is a program of the
   * user's own that sets up the same studies and {@linkplain #here executes} them on the same
   * store; one that dies is started again, as often as a task may be tried. They end with this
   * process.
   *
   * @param count how many, at least 1
   * @param command the program and its arguments
   * @return the executor
   * @throws InvalidInputException if the number is below 1 or there is no command
   */
  static StudyExecutor processes(int count, List<String> command) {
    return new WorkerProcesses(count, command, DEFAULT_ATTEMPTS);
  }
}
