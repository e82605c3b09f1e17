package io.github.resnetensembles.run;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keeps processes at work until the store has all results. */
record WorkerProcesses(int count, List<String> command, int attempts) implements StudyExecutor {
  private static final long PAUSE_MILLIS = 100;
  private static final long PATIENCE_SECONDS = 10;

  WorkerProcesses {
    command = List.copyOf(command);
    if (count < 1) {
      throw new InvalidInputException("there is at least 1 process, got " + count);
    }
    if (command.isEmpty()) {
      throw new InvalidInputException("a process needs a command: a program and its arguments");
    }
  }

  @Override
  public void execute(
      List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener) {
    studies.forEach(store::bind);
    studies.forEach(store::forgetFailures);
    Meter meter = new Meter(studies, store, listener);
    List<StudyTask<?>> open = new ArrayList<>();
    studies.forEach(study -> open.addAll(store.missing(study)));
    List<StudyTask<?>> failed = new ArrayList<>();
    Workers workers = new Workers(store.folder().resolve("workers"));
    try {
      while (!open.isEmpty()) {
        workers.keep(Math.min(count, open.size()));
        pause();
        for (StudyTask<?> task : List.copyOf(open)) {
          if (store.has(task)) {
            open.remove(task);
            meter.finished(task);
            workers.succeeded();
          } else if (store.failures(task).size() >= attempts) {
            open.remove(task);
            failed.add(task);
          }
        }
      }
    } finally {
      workers.end();
    }
    Failures.check(failed, store);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunInterruptedException("interrupted while processes were at work");
    }
  }

  /** The processes that are alive. */
  private final class Workers {
    private final Path logs;
    private final List<Process> alive = new ArrayList<>();
    private final List<Path> logsOfAlive = new ArrayList<>();
    private int started;
    private int deathsInVain;

    Workers(Path logs) {
      this.logs = logs;
    }

    void succeeded() {
      deathsInVain = 0;
    }

    void keep(int wanted) {
      for (int i = alive.size() - 1; i >= 0; i--) {
        Process process = alive.get(i);
        if (!process.isAlive()) {
          alive.remove(i);
          Path log = logsOfAlive.remove(i);
          if (process.exitValue() != 0) {
            died(process.exitValue(), log);
          }
        }
      }
      while (alive.size() < wanted) {
        start();
      }
    }

    private void died(int exitValue, Path log) {
      deathsInVain++;
      if (deathsInVain > attempts * count) {
        throw new StudyFailedException(
            "%s processes ended without a result, the last with %s: %s; see %s"
                .formatted(deathsInVain, exitValue, lastLine(log), Names.path(log)));
      }
    }

    private void start() {
      try {
        Files.createDirectories(logs);
        Path log = logs.resolve("%s-%s.log".formatted(ProcessHandle.current().pid(), ++started));
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder
            .environment()
            .put(ParentWatch.VARIABLE, String.valueOf(ProcessHandle.current().pid()));
        alive.add(builder.start());
        logsOfAlive.add(log);
      } catch (IOException e) {
        throw new FileAccessException(
            "cannot start '%s': %s".formatted(command.get(0), FileNames.reason(e)), e);
      }
    }

    private String lastLine(Path log) {
      try {
        List<String> lines =
            new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return lines.isEmpty()
            ? "it said nothing"
            : Names.oneLine(lines.get(lines.size() - 1), Names.MAX_KEPT);
      } catch (IOException e) {
        return "what it said cannot be read";
      }
    }

    /** Those that still run have nothing left to do, or the run was interrupted. */
    void end() {
      boolean interrupted = Thread.interrupted();
      alive.forEach(Process::destroy);
      for (Process process : alive) {
        try {
          if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
          }
        } catch (InterruptedException e) {
          interrupted = true;
          process.destroyForcibly();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
