package io.github.resnetensembles.run;

import java.util.Optional;

/** Interrupts the thread that works when the process ends that this one was started to work for. */
final class ParentWatch {
  /** Names that process to those that it starts. */
  static final String VARIABLE = "RESNET_ENSEMBLES_PARENT";

  private static final long PAUSE_MILLIS = 500;

  private final Thread worker = Thread.currentThread();
  private volatile boolean over;

  private ParentWatch() {}

  static ParentWatch begin() {
    ParentWatch watch = new ParentWatch();
    parent()
        .ifPresent(
            parent -> {
              Thread thread = new Thread(() -> watch.watch(parent), "resnet-ensembles-parent");
              thread.setDaemon(true);
              thread.start();
            });
    return watch;
  }

  private static Optional<ProcessHandle> parent() {
    String pid = System.getenv(VARIABLE);
    return pid == null || !pid.matches("[0-9]{1,18}")
        ? Optional.empty()
        : Optional.of(Long.parseLong(pid))
            .filter(number -> number != ProcessHandle.current().pid())
            .flatMap(ProcessHandle::of)
            .or(() -> Optional.of(ProcessHandle.current()).flatMap(ProcessHandle::parent));
  }

  private void watch(ProcessHandle parent) {
    try {
      while (!over) {
        if (!parent.isAlive()) {
          worker.interrupt();
          return;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void end() {
    over = true;
  }
}
