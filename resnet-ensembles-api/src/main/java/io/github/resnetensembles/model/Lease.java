package io.github.resnetensembles.model;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.internal.ExitOrder;
import io.github.resnetensembles.internal.Participation;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * The use of something by any number of threads until it is closed, after the last of them. No call
 * waits for itself: one that could only do so throws.
 */
final class Lease {
  private final String name;
  private final Runnable free;
  private final CountDownLatch freed = new CountDownLatch(1);
  private int users;
  private boolean closing;
  private boolean freeing;

  /**
   * Opens it.
   *
   * @param name for messages, such as "the model of resnet-20"
   * @param free frees what is in use; run once
   */
  Lease(String name, Runnable free) {
    this.name = name;
    this.free = free;
  }

  /**
   * Uses it. What runs inside of another use goes on while somebody waits to close it.
   *
   * @throws IllegalStateException if it is closed, or about to be
   */
  <T> T use(Supplier<T> work) {
    synchronized (this) {
      if (freeing || (closing && !Participation.in(this))) {
        throw new IllegalStateException(name + " is closed; open it again");
      }
      users++;
    }
    try {
      return ExitOrder.THIS_JVM.run(() -> Participation.within(this, work));
    } finally {
      synchronized (this) {
        users--;
      }
      freeIfUnused();
    }
  }

  /**
   * Closes it and waits for its users. One who is inside a run of something else does not wait, or
   * two such could wait for each other: the last user then frees it.
   *
   * @throws IllegalStateException if the caller is one of the users
   */
  void close() {
    if (Participation.in(this)) {
      throw new IllegalStateException(
          "%s cannot be closed by what runs inside one of its own runs, such as a listener; close it after the run"
              .formatted(name));
    }
    synchronized (this) {
      closing = true;
    }
    freeIfUnused();
    if (!Participation.inAny()) {
      Uninterruptibles.awaitUninterruptibly(freed);
    }
  }

  private void freeIfUnused() {
    synchronized (this) {
      if (!closing || users > 0 || freeing) {
        return;
      }
      freeing = true;
    }
    try {
      free.run();
    } finally {
      freed.countDown();
    }
  }
}
