package io.github.resnetensembles.spi;

import io.github.resnetensembles.internal.ExitOrder;

/**
 * What a backend with native code does when the JVM is told to end, by a signal or {@link
 * System#exit}. This library has one order: the runs are interrupted and waited for, so that they
 * keep what they finished; then the backends are told. A backend that ended by a shutdown hook of
 * its own would take the network away from a run that is being stopped.
 *
 * <p>Implemented by backends.
 */
public interface Shutdown {
  /**
   * Adds what is to be done when no run is under way any more, or those that are have been given
   * up: to wait for the native calls that are being made and refuse further ones, since native code
   * must not run while the JVM ends.
   *
   * @param end done once, on a thread of its own; returns within a few seconds
   */
  static void afterRuns(Runnable end) {
    ExitOrder.THIS_JVM.afterRuns(end);
  }
}
