package io.github.resnetensembles;

import io.github.resnetensembles.internal.Require;

/**
 * How long work is run. It never changes what is computed, but for the last bits that depend on the
 * batch size and on the wirings at once.
 *
 * @param batchSize images for each engine call, from 1 to 65536
 * @param listener told about progress
 * @param wiringsAtOnce how many wirings of a lesion study share an engine call, from 1 to 1024;
 *     each brings its own batch of images, so a call has up to as many times as many
 */
public record RunOptions(int batchSize, ProgressListener listener, int wiringsAtOnce) {
  /** The batch size that studies run with unless told otherwise. */
  public static final int DEFAULT_BATCH_SIZE = 50;

  private static final int MOST_WIRINGS = 1024;

  /**
   * Checks the numbers.
   *
   * @param batchSize images for each engine call
   * @param listener told about progress
   * @param wiringsAtOnce how many wirings share an engine call
   * @throws IllegalArgumentException if one is out of range
   */
  public RunOptions {
    Require.present("listener", listener);
    if (batchSize < 1 || batchSize > 65536) {
      throw new InvalidInputException("a batch has 1 to 65536 images, got " + batchSize);
    }
    if (wiringsAtOnce < 1 || wiringsAtOnce > MOST_WIRINGS) {
      throw new InvalidInputException(
          "1 to %s wirings are run at once, got %s".formatted(MOST_WIRINGS, wiringsAtOnce));
    }
  }

  /**
   * Options that run each wiring alone.
   *
   * @param batchSize images for each engine call
   * @param listener told about progress
   * @throws IllegalArgumentException if it is out of range
   */
  public RunOptions(int batchSize, ProgressListener listener) {
    this(batchSize, listener, 1);
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
    return new RunOptions(batchSize, listener, wiringsAtOnce);
  }

  /**
   * Sets the listener.
   *
   * @param listener told about progress
   * @return the changed copy
   */
  public RunOptions withListener(ProgressListener listener) {
    return new RunOptions(batchSize, listener, wiringsAtOnce);
  }

  /**
   * Sets how many wirings of a lesion study share an engine call. That pays where calls are small
   * for the device, as a GPU's are; results then differ in last bits from those of each wiring
   * alone, and between parts that a study is cut into. So results say the number, and those with
   * different numbers are not merged.
   *
   * @param wiringsAtOnce from 1, for each alone, to 1024
   * @return the changed copy
   */
  public RunOptions withWiringsAtOnce(int wiringsAtOnce) {
    return new RunOptions(batchSize, listener, wiringsAtOnce);
  }
}
