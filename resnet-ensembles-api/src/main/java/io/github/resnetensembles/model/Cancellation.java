package io.github.resnetensembles.model;

import com.google.common.base.Throwables;
import io.github.resnetensembles.RunInterruptedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

  /** Stops the work of a thread that was interrupted. */
  static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new RunInterruptedException("interrupted while a network was run");
    }
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

  /** Waits for tasks; an interrupt stops them. Returns whether there was one. */
  boolean await(List<? extends Future<?>> tasks) {
    boolean interrupted = false;
    for (Future<?> task : tasks) {
      while (!task.isDone()) {
        try {
          Object unused = task.get();
        } catch (InterruptedException e) {
          // Native code must have ended before the caller goes on, however impatient it is.
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          break; // failureOf looks at it.
        }
      }
    }
    return interrupted;
  }

  /** The first failure of finished tasks but that of being stopped, as by another's failure. */
  static @Nullable Throwable failureOf(List<? extends Future<?>> tasks) {
    for (Future<?> task : tasks) {
      try {
        Object unused = task.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof Stopped)) {
          return e.getCause();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("a finished task cannot be waited for", e);
      }
    }
    return null;
  }
}
