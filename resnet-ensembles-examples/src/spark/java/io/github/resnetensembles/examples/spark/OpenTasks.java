package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyFailedException;
import io.github.resnetensembles.run.StudyTask;
import io.github.resnetensembles.run.StudyTasks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is left to do of studies, as the driver knows it. */
final class OpenTasks {
  private static final int NAMED = 5;

  private final ResultStore store;
  private final ProgressListener listener;
  private final String what;
  private final long total;
  private final int count;
  private final Map<String, StudyTasks<?>> studies = new LinkedHashMap<>();
  private final Map<String, StudyTask<?>> open = new LinkedHashMap<>();
  private final List<StudyTask<?>> failed = new ArrayList<>();
  private long finished;
  private int finishedTasks;

  OpenTasks(List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener) {
    this.store = store;
    this.listener = listener;
    this.what = studies.size() == 1 ? studies.get(0).description() : studies.size() + " studies";
    this.total = studies.stream().mapToLong(StudyTasks::cost).sum();
    this.count = studies.stream().mapToInt(study -> study.tasks().size()).sum();
    for (StudyTasks<?> study : studies) {
      this.studies.put(study.key(), study);
      for (StudyTask<?> task : study.tasks()) {
        if (store.has(task)) {
          finished(task);
        } else {
          open.put(task.key(), task);
        }
      }
    }
    tell();
  }

  ResultStore store() {
    return store;
  }

  /** The first keys of tasks whose results are not there yet. */
  List<String> first(long most) {
    return open.keySet().stream().limit(most).toList();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** A result was sent. */
  void computed(String key, Result result) {
    StudyTask<?> task = open.get(key);
    if (task != null) {
      put(task, result);
      done(task);
    }
  }

  private <R extends Result> void put(StudyTask<R> task, Result result) {
    StudyTasks<?> study = studies.get(task.study());
    if (study != null) {
      store.bind(new ComputedElsewhere<>(study, result.provenance()));
    }
    store.put(task, task.type().cast(result));
  }

  /** Whether the store has a result that was written into it elsewhere. */
  boolean stored(String key) {
    StudyTask<?> task = open.get(key);
    if (task != null && !store.has(task)) {
      return false;
    }
    if (task != null) {
      done(task);
    }
    return true;
  }

  private void done(StudyTask<?> task) {
    StudyTask<?> unused = open.remove(task.key());
    finished(task);
    tell();
  }

  private void finished(StudyTask<?> task) {
    finished += task.cost();
    finishedTasks++;
  }

  private void tell() {
    listener.onProgress(new Progress(what, finished, total, finishedTasks, count));
  }

  /** A task failed, and may be tried so often. */
  void failed(String key, String reason, int attempts) {
    StudyTask<?> task = open.get(key);
    if (task == null) {
      return;
    }
    store.failed(task, reason);
    if (store.failures(task).size() >= attempts) {
      failed.add(task);
      StudyTask<?> unused = open.remove(key);
    }
  }

  /**
   * Names the tasks that failed.
   *
   * @throws StudyFailedException if there are any
   */
  void check() {
    if (failed.isEmpty()) {
      return;
    }
    String named =
        failed.stream()
            .limit(NAMED)
            .map(task -> "%s (%s)".formatted(task.description(), lastReason(task)))
            .collect(Collectors.joining("; "));
    throw new StudyFailedException(
        "%s failed each time%s: %s; all other results are in the store %s"
            .formatted(
                failed.size() == 1 ? "one task" : failed.size() + " tasks",
                failed.size() > NAMED ? ", of which " + NAMED + " are" : "",
                named,
                store.folder()));
  }

  private String lastReason(StudyTask<?> task) {
    List<String> reasons = store.failures(task);
    return reasons.isEmpty() ? "no reason known" : reasons.get(reasons.size() - 1);
  }
}
