package io.github.resnetensembles.model;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.spi.Backend;
import java.util.List;

/**
 * Finds {@linkplain Backend backends} on the class path.
 *
 * <p>Implemented by this library alone.
 */
public interface Backends {
  /**
   * Finds the backend to compute with.
   *
   * @return the only backend there is beside {@code reference}, which is never picked here
   * @throws BackendUnavailableException if there is none or more than one; the message lists those
   *     found
   */
  static Backend load() {
    return BackendFinder.only();
  }

  /**
   * Finds a backend by name.
   *
   * @param name its name: {@code djl}, {@code reference}, or another's
   * @return the backend
   * @throws BackendUnavailableException if there is none of that name; the message lists those
   *     found
   */
  static Backend load(String name) {
    return BackendFinder.named(name);
  }

  /** {@return the names of all backends found, sorted} */
  static List<String> names() {
    return BackendFinder.names();
  }
}
