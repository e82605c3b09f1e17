package io.github.resnetensembles;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;

/**
 * How a backend opens a network.
 *
 * @param device {@code auto} (a GPU when there is one), {@code cpu}, {@code gpu} or {@code gpu:N}
 * @param precision the floating-point format
 * @param threads processor threads to use, from 1; 0 means one for each processor
 */
public record ModelOptions(String device, Precision precision, int threads) {
  /**
   * Checks the components.
   *
   * @param device {@code auto}
   * @param precision the floating-point format
   * @param threads processor threads to use
   * @throws InvalidInputException if the device is not of one of the forms above, or {@code
   *     threads} is negative or above 1024
   */
  public ModelOptions {
    Require.present("device", device);
    Require.present("precision", precision);
    if (!device.matches("auto|cpu|gpu(:[0-9]{1,3})?")) {
      throw new InvalidInputException(
          "the device must be auto, cpu, gpu or gpu:N, got '" + Names.shorten(device) + "'");
    }
    if (threads < 0 || threads > 1024) {
      throw new InvalidInputException("threads must be 0 (all) to 1024, got " + threads);
    }
  }

  /** {@return device {@code auto}, float32, all processors} */
  public static ModelOptions defaults() {
    return new ModelOptions("auto", Precision.FLOAT32, 0);
  }

  /**
   * Sets the device.
   *
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @return the changed copy
   */
  public ModelOptions withDevice(String device) {
    return new ModelOptions(device, precision, threads);
  }

  /**
   * Sets the precision.
   *
   * @param precision the floating-point format
   * @return the changed copy
   */
  public ModelOptions withPrecision(Precision precision) {
    return new ModelOptions(device, precision, threads);
  }

  /**
   * Sets the threads.
   *
   * @param threads from 1; 0 means one for each processor
   * @return the changed copy
   */
  public ModelOptions withThreads(int threads) {
    return new ModelOptions(device, precision, threads);
  }

  /** {@return the threads to use: as set, or the number of processors} */
  public int effectiveThreads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}
