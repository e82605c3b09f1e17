package io.github.resnetensembles.internal.io;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Work on files that an interrupt does not disturb: Java closes a file under a thread that is
 * interrupted, and what that thread was keeping would be lost.
 */
public final class Uninterrupted {
  private static final String THREAD = "resnet-ensembles-file";

  private Uninterrupted() {}

  /** Runs on a thread that nobody knows. An interrupt of the caller is kept for later. */
  public static void run(Runnable work) {
    FutureTask<Boolean> task = new FutureTask<>(work, true);
    new Thread(task, THREAD).start();
    try {
      boolean unused = Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  /**
   * Runs what may wait for somebody else, such as the reader of a pipe: for ever, but not after an
   * interrupt of the caller, which is kept for later. Then the work is left alone on a thread that
   * does not hold the JVM up.
   *
   * @param patience how long to wait after an interrupt
   * @return whether the work is done
   */
  static boolean run(Runnable work, Duration patience) {
    FutureTask<Boolean> task = new FutureTask<>(work, true);
    Thread thread = new Thread(task, THREAD);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      try {
        return task.get();
      } catch (InterruptedException e) {
        interrupted = true;
        return Uninterruptibles.getUninterruptibly(task, patience);
      }
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw unchecked(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(ExecutionException e) {
    Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
    return new IllegalStateException(e);
  }
}
