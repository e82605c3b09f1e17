package io.github.resnetensembles.model;

import com.google.common.base.Throwables;
import org.jspecify.annotations.Nullable;

/** Tells the threads of a run to stop at the next step. */
final class Cancellation {
  /** Thrown by a thread that was told to stop. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the run was stopped", null, false, false);
    }
  }

  /** What a thread of a run threw, to be thrown again. */
  static RuntimeException unchecked(@Nullable Throwable failure) {
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
    }
    return new IllegalStateException(failure);
  }

  private volatile boolean cancelled;

  void cancel() {
    cancelled = true;
  }

  void check() {
    if (cancelled) {
      throw new Stopped();
    }
  }
}
