package io.github.resnetensembles.examples.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.concurrent.CountDownLatch;

/**
 * Ends the work in an orderly way when the process is told to end (Ctrl-C, SIGTERM): interrupts the
 * working thread and holds the JVM until that thread is done, so that no native code runs while the
 * JVM exits. The JVM's exit code is then that of the signal.
 */
@CheckReturnValue
final class Shutdown {
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean requested;

  private Shutdown() {}

  static Shutdown interrupting(Thread worker) {
    Shutdown shutdown = new Shutdown();
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
    // Leaving early, even when interrupted, could end the JVM under running native code.
    Uninterruptibles.awaitUninterruptibly(done);
  }
}
