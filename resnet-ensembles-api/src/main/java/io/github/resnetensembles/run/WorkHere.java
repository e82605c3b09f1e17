package io.github.resnetensembles.run;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Runs tasks on this thread, and waits for those that others are at work on. */
record WorkHere(int attempts) implements StudyExecutor {
  private static final long PAUSE_MILLIS = 200;

  /** A process may die for many reasons, of which the task is one. */
  private static final int MOST_DEATHS = 10;

  @Override
  public void execute(
      List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener) {
    studies.forEach(store::bind);
    Meter meter = new Meter(studies, store, listener);
    Deque<StudyTask<?>> open = new ArrayDeque<>();
    studies.forEach(study -> open.addAll(store.missing(study)));
    List<StudyTask<?>> failed = new ArrayList<>();
    int inVain = 0;
    ParentWatch watch = ParentWatch.begin();
    try {
      while (!open.isEmpty()) {
        StudyTask<?> task = open.removeFirst();
        if (store.failures(task).size() >= attempts) {
          failed.add(task);
        } else if (store.has(task) || run(task, store, meter)) {
          meter.finished(task);
          inVain = 0;
        } else {
          // Somebody else has it, or it failed: there is other work first.
          open.addLast(task);
          inVain++;
        }
        if (inVain > open.size()) {
          pause();
          inVain = 0;
        }
      }
    } finally {
      watch.end();
    }
    Failures.check(failed, store);
  }

  /** Whether the task is done now. */
  private static <R extends Result> boolean run(StudyTask<R> task, ResultStore store, Meter meter) {
    ResultStore.Claim claim = store.claim(task).orElse(null);
    if (claim == null) {
      return false;
    }
    try (claim) {
      // Between the look and the claim somebody may have finished it.
      if (store.has(task)) {
        return true;
      }
      if (claim.taken() > MOST_DEATHS) {
        store.failed(task, "%s processes died while they ran it".formatted(claim.taken() - 1));
        return false;
      }
      store.put(task, task.run(meter.of(task)));
      return true;
    } catch (RuntimeException e) {
      if (Failures.concernsAll(e)) {
        throw e;
      }
      store.failed(task, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunInterruptedException("interrupted while other processes were waited for");
    }
  }
}
