package io.github.resnetensembles.examples.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Ends the work in an orderly way when the process is told to end (Ctrl-C, SIGTERM, SIGHUP):
 * interrupts the working thread and holds the JVM until that thread is done, which has results to
 * write. The library ends its runs and its engine by itself. The JVM's exit code is that of the
 * signal.
 */
@CheckReturnValue
final class Shutdown {
  /** More than the library gives its runs and its engine. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Duration limit;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean requested;

  private Shutdown(Duration limit) {
    this.limit = limit;
  }

  static Shutdown interrupting(Thread worker) {
    return interrupting(worker, LIMIT);
  }

  static Shutdown interrupting(Thread worker, Duration limit) {
    Shutdown shutdown = new Shutdown(limit);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> shutdown.interruptAndWait(worker), "shutdown"));
    return shutdown;
  }

  /** Says that the working thread is done: from now on nothing keeps the JVM. */
  void workIsDone() {
    done.countDown();
  }

  /** Whether the JVM is ending before the work was done. */
  boolean requested() {
    return requested;
  }

  private void interruptAndWait(Thread worker) {
    if (done.getCount() == 0) {
      return;
    }
    requested = true;
    worker.interrupt();
    if (!Uninterruptibles.awaitUninterruptibly(done, limit)) {
      System.err.println(
          ("error: the work did not stop within %s seconds and is abandoned; what it had"
                  + " not written is lost")
              .formatted(limit.toSeconds()));
    }
  }
}
