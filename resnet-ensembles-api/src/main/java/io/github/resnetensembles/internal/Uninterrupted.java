package io.github.resnetensembles.internal;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on files that an interrupt does not disturb: Java closes a file under a thread that is
 * interrupted, and what that thread was keeping would be lost.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs on a thread that nobody knows. An interrupt of the caller is kept for later. */
  static void run(Runnable work) {
    FutureTask<Boolean> task = new FutureTask<>(work, true);
    new Thread(task, "resnet-ensembles-file").start();
    try {
      boolean unused = Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    }
  }
}
