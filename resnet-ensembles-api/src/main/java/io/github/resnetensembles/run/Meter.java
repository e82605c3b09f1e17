package io.github.resnetensembles.run;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells how much of all tasks is done, whoever does them. */
final class Meter {
  private final ProgressListener listener;
  private final String what;
  private final long total;
  private final int tasks;
  private final Set<String> done = new HashSet<>();
  private long finished;

  Meter(List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener) {
    this.listener = listener;
    this.what = studies.size() == 1 ? studies.get(0).description() : studies.size() + " studies";
    this.total = studies.stream().mapToLong(StudyTasks::cost).sum();
    this.tasks = studies.stream().mapToInt(study -> study.tasks().size()).sum();
    for (StudyTasks<?> study : studies) {
      for (StudyTask<?> task : study.tasks()) {
        if (store.has(task) && done.add(task.key())) {
          finished += task.cost();
        }
      }
    }
    tell(0);
  }

  /** Told of the progress of one task. */
  ProgressListener of(StudyTask<?> task) {
    return progress ->
        tell(
            progress.total() == 0
                ? 0
                : (long) ((double) progress.done() / progress.total() * task.cost()));
  }

  void finished(StudyTask<?> task) {
    if (done.add(task.key())) {
      finished += task.cost();
    }
    tell(0);
  }

  private void tell(long more) {
    listener.onProgress(
        new Progress(what, Math.min(total, finished + more), total, done.size(), tasks));
  }
}
