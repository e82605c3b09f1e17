package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.run.StudyTask;
import io.github.resnetensembles.run.StudyTasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The set-ups that are open in a process: each once, however many tasks use it. What nobody uses is
 * kept for a while, for the next task.
 */
final class OpenSetups {
  /** Tasks of Spark have nothing else in common than their process. */
  private static final OpenSetups OF_PROCESS = new OpenSetups(Duration.ofMinutes(1));

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(OF_PROCESS::closeAll, "resnet-ensembles-setups"));
  }

  private final Duration idle;
  private final ScheduledExecutorService clock = clock();
  private final Map<Setup, Shared> open = new HashMap<>();

  OpenSetups(Duration idle) {
    this.idle = idle;
  }

  static OpenSetups ofProcess() {
    return OF_PROCESS;
  }

  private static ScheduledExecutorService clock() {
    return new ScheduledThreadPoolExecutor(
        1,
        work -> {
          Thread thread = new Thread(work, "resnet-ensembles-idle");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Opens a set-up, unless it is open. */
  Use use(Setup setup) {
    Use use = new Use(take(setup));
    try {
      use.shared.open();
      return use;
    } catch (RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  private synchronized Shared take(Setup setup) {
    Shared shared = open.computeIfAbsent(setup, Shared::new);
    shared.users++;
    shared.uses++;
    return shared;
  }

  private synchronized void giveBack(Shared shared) {
    shared.users--;
    long uses = shared.uses;
    if (shared.users == 0) {
      var unused =
          clock.schedule(() -> closeUnused(shared, uses), idle.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void closeUnused(Shared shared, long uses) {
    synchronized (this) {
      if (shared.uses != uses || !open.remove(shared.setup, shared)) {
        return;
      }
    }
    shared.close();
  }

  private void closeAll() {
    List<Shared> all;
    synchronized (this) {
      all = List.copyOf(open.values());
      open.clear();
    }
    all.forEach(Shared::close);
  }

  /** The use of a set-up by one task. */
  final class Use implements AutoCloseable {
    private final Shared shared;

    private Use(Shared shared) {
      this.shared = shared;
    }

    /** The task with a key. */
    StudyTask<?> task(String key) {
      return shared.found(shared.tasks, key);
    }

    /** The study that a task is of. */
    StudyTasks<?> studyOf(StudyTask<?> task) {
      return shared.found(shared.studies, task.study());
    }

    @Override
    public void close() {
      giveBack(shared);
    }
  }

  private static final class Shared {
    private final Setup setup;

    /** Guarded by the set-ups' lock. */
    private int users;

    private long uses;

    private Setup.@Nullable Opened opened;
    private final Map<String, StudyTask<?>> tasks = new HashMap<>();
    private final Map<String, StudyTasks<?>> studies = new HashMap<>();

    Shared(Setup setup) {
      this.setup = setup;
    }

    /** The first task does it, and the others wait. */
    synchronized void open() {
      if (opened != null) {
        return;
      }
      Setup.Opened now = setup.open();
      for (StudyTasks<?> study : now.studies()) {
        studies.put(study.key(), study);
        study.tasks().forEach(task -> tasks.put(task.key(), task));
      }
      opened = now;
    }

    synchronized <T> T found(Map<String, T> all, String key) {
      T found = all.get(key);
      if (found == null) {
        throw new IllegalStateException(
            ("this machine has other studies than the driver: none of its %s tasks has the key %s;"
                    + " weights, images, flags and the library's version have to be the same")
                .formatted(tasks.size(), key));
      }
      return found;
    }

    synchronized void close() {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
