package io.github.resnetensembles.internal.io;

import io.github.resnetensembles.RunInterruptedException;

/**
 * Ends long loops when their thread is interrupted; short ones run to their end. Never to be asked
 * where what was finished is kept (a partial result put together, written as JSON or CSV, saved):
 * the flag is set then, and the result would be lost.
 */
public final class Interrupts {
  private static final int ROUNDS = 1 << 10;

  private final String work;

  private Interrupts(String work) {
    this.work = work;
  }

  /** For a loop of some work, named as in "interrupted while lesions were drawn". */
  public static Interrupts during(String work) {
    return new Interrupts(work);
  }

  /**
   * Looks at the interrupt flag after every 1024 rounds of a loop.
   *
   * @param round counted from 0
   */
  public void check(long round) {
    if (round % ROUNDS == ROUNDS - 1) {
      check();
    }
  }

  /** Looks at the interrupt flag, and leaves it as it is. */
  public void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw exception();
    }
  }

  /** {@return what says that this work was interrupted, where another sign than the flag tells} */
  public RunInterruptedException exception() {
    return new RunInterruptedException("interrupted while " + work);
  }
}
