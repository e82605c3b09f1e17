package io.github.resnetensembles;

import io.github.resnetensembles.internal.Require;

/**
 * How long work is run. It never changes what is computed, but for the last bits that depend on the
 * batch size.
 *
 * @param batchSize images for each engine call, from 1 to 65536
 * @param listener told about progress
 */
public record RunOptions(int batchSize, ProgressListener listener) {
  /** The batch size that studies run with unless told otherwise. */
  public static final int DEFAULT_BATCH_SIZE = 50;

  /**
   * Checks the batch size.
   *
   * @param batchSize images for each engine call
   * @param listener told about progress
   * @throws IllegalArgumentException if it is out of range
   */
  public RunOptions {
    Require.present("listener", listener);
    if (batchSize < 1 || batchSize > 65536) {
      throw new InvalidInputException("a batch has 1 to 65536 images, got " + batchSize);
    }
  }

  /** {@return {@link #DEFAULT_BATCH_SIZE} images a batch, and no listener} */
  public static RunOptions defaults() {
    return new RunOptions(DEFAULT_BATCH_SIZE, ProgressListener.none());
  }

  /**
   * Sets the batch size.
   *
   * @param batchSize from 1 to 65536
   * @return the changed copy
   */
  public RunOptions withBatchSize(int batchSize) {
    return new RunOptions(batchSize, listener);
  }

  /**
   * Sets the listener.
   *
   * @param listener told about progress
   * @return the changed copy
   */
  public RunOptions withListener(ProgressListener listener) {
    return new RunOptions(batchSize, listener);
  }
}
