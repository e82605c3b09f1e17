package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StoreOption;
import io.github.resnetensembles.run.StudyTask;
import io.github.resnetensembles.run.StudyTasks;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Runs the task of a partition, which holds its key, on an executor. */
final class TaskRun extends AbstractFunction1<Iterator<String>, Outcome> implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final Setup setup;

  /** Where the executor keeps results; absent if it sends them. */
  private final @Nullable String folder;

  private final boolean mixed;

  TaskRun(Setup setup, @Nullable Path folder, Set<StoreOption> options) {
    this.setup = setup;
    this.folder = folder == null ? null : folder.toAbsolutePath().toString();
    this.mixed = options.contains(StoreOption.MIXED);
  }

  @Override
  public Outcome apply(Iterator<String> keys) {
    String key = keys.next();
    try (OpenSetups.Use use = OpenSetups.ofProcess().use(setup)) {
      StudyTask<?> task = use.task(key);
      return run(task, use.studyOf(task));
    }
  }

  private Outcome run(StudyTask<?> task, StudyTasks<?> study) {
    ResultStore store = folder == null ? null : open(folder);
    if (store != null) {
      store.bind(study);
    }
    try {
      return run(task, store);
    } catch (RunInterruptedException | FileAccessException | IllegalStateException e) {
      // No other task would do better here; Spark tries elsewhere.
      throw e;
    } catch (RuntimeException e) {
      return Outcome.failed(task.key(), e);
    }
  }

  private ResultStore open(String folder) {
    return mixed
        ? ResultStore.open(Path.of(folder), StoreOption.MIXED)
        : ResultStore.open(Path.of(folder));
  }

  private static <R extends Result> Outcome run(StudyTask<R> task, @Nullable ResultStore store) {
    if (store == null) {
      return Outcome.of(task.key(), task.run(ProgressListener.none()));
    }
    if (!store.has(task)) {
      store.put(task, task.run(ProgressListener.none()));
    }
    return Outcome.stored(task.key());
  }
}
