package io.github.resnetensembles.model;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.spi.Backend;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

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
    Map<String, Backend> found = find();
    List<Backend> usable =
        found.values().stream().filter(b -> !b.name().equals(ReferenceBackend.NAME)).toList();
    if (usable.isEmpty()) {
      throw new BackendUnavailableException(
          "no backend found but %s, which is never picked by default%s"
              .formatted(found.keySet(), remedy()));
    }
    if (usable.size() > 1) {
      throw new BackendUnavailableException(
          "several backends found: " + found.keySet() + "; say which one by name");
    }
    return usable.get(0);
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
    Map<String, Backend> found = find();
    Backend backend = found.get(name);
    if (backend == null) {
      throw new BackendUnavailableException(
          "no backend named '" + Names.shorten(name) + "'; found " + found.keySet() + remedy());
    }
    return backend;
  }

  /** {@return the names of all backends found, sorted} */
  static List<String> names() {
    return List.copyOf(find().keySet());
  }

  private static String remedy() {
    return "; add a backend's artifact (such as resnet-ensembles-djl) to the class path";
  }

  /** By the thread's class loader, then by this library's. */
  private static Map<String, Backend> find() {
    Map<String, Backend> found = new TreeMap<>();
    addAll(ServiceLoader.load(Backend.class), found);
    // Frameworks give their threads class loaders that do not see what this library sees.
    addAll(ServiceLoader.load(Backend.class, Backends.class.getClassLoader()), found);
    return found;
  }

  private static void addAll(ServiceLoader<Backend> loader, Map<String, Backend> found) {
    try {
      for (Backend backend : loader) {
        found.putIfAbsent(backend.name(), backend);
      }
    } catch (ServiceConfigurationError e) {
      throw new BackendUnavailableException("a backend could not be created: " + e.getMessage(), e);
    }
  }
}
