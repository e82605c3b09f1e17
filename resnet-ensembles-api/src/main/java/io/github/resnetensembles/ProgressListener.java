package io.github.resnetensembles;

/**
 * Is told how far long work is. Calls come one after the other, from any thread.
 *
 * <p>Implemented by users.
 */
@FunctionalInterface
public interface ProgressListener {
  /** {@return a listener that does nothing} */
  static ProgressListener none() {
    return progress -> {};
  }

  /**
   * Called at the start, after every batch, and at the end. An exception thrown here stops the work
   * and reaches the caller.
   *
   * @param progress how far the work is
   */
  void onProgress(Progress progress);
}
