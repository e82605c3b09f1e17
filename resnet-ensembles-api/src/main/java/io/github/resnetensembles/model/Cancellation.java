package io.github.resnetensembles.model;

/** Tells the threads of a run to stop at the next step. */
final class Cancellation {
  /** Thrown by a thread that was told to stop. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the run was stopped", null, false, false);
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
}
