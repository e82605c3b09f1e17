package io.github.resnetensembles.spi;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/**
 * An engine that runs networks. Registered in {@code
 * META-INF/services/io.github.resnetensembles.spi.Backend} and found by name; creating one must be
 * cheap and must not load the engine.
 *
 * <p>Implemented by backends.
 */
public interface Backend {
  /** {@return the name it is found by: lower-case letters, digits and hyphens} */
  String name();

  /**
   * {@return the engine and its version; loads the engine}
   *
   * @throws BackendUnavailableException if the engine's native library is missing
   */
  String engine();

  /**
   * {@return the devices it can compute on, such as {@code cpu} and {@code gpu:0}; loads the
   * engine}
   *
   * @throws BackendUnavailableException if the engine's native library is missing
   */
  List<String> devices();

  /**
   * Creates a network.
   *
   * @param weights validated tensors with their architecture
   * @param options device, precision, threads
   * @return the network; the caller closes it
   * @throws BackendUnavailableException if the engine or the device is missing
   */
  Network network(Weights weights, ModelOptions options);

  /**
   * Creates a network for training: an optional capability.
   *
   * @param weights where training starts; they are copied
   * @param options device, precision, threads, BatchNorm
   * @return the network; the caller closes it
   * @throws BackendUnavailableException if this backend cannot train, or the engine or the device
   *     is missing
   */
  default TrainingNetwork training(Weights weights, TrainingOptions options) {
    throw new BackendUnavailableException(
        "the backend '" + Names.shorten(name()) + "' cannot train networks; use one that can");
  }
}
