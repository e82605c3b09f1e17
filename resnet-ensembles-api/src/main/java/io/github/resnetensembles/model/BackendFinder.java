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
 * Finds backends with {@link ServiceLoader}: by the thread's class loader, then by this library's.
 */
final class BackendFinder {
  private static final String REMEDY =
      "; add a backend's artifact (such as resnet-ensembles-djl) to the class path";

  private BackendFinder() {}

  static Backend only() {
    Map<String, Backend> found = find();
    List<Backend> usable =
        found.values().stream().filter(b -> !b.name().equals(ReferenceBackend.NAME)).toList();
    if (usable.isEmpty()) {
      throw new BackendUnavailableException(
          "no backend found but " + found.keySet() + ", which is never picked by default" + REMEDY);
    }
    if (usable.size() > 1) {
      throw new BackendUnavailableException(
          "several backends found: " + found.keySet() + "; say which one by name");
    }
    return usable.get(0);
  }

  static Backend named(String name) {
    Map<String, Backend> found = find();
    Backend backend = found.get(name);
    if (backend == null) {
      throw new BackendUnavailableException(
          "no backend named '" + Names.shorten(name) + "'; found " + found.keySet() + REMEDY);
    }
    return backend;
  }

  static List<String> names() {
    return List.copyOf(find().keySet());
  }

  private static Map<String, Backend> find() {
    Map<String, Backend> found = new TreeMap<>();
    addAll(ServiceLoader.load(Backend.class), found);
    // Frameworks give their threads class loaders that do not see what this library sees.
    addAll(ServiceLoader.load(Backend.class, BackendFinder.class.getClassLoader()), found);
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
