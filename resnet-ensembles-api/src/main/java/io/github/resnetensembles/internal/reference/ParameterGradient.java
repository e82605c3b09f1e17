package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Sums of the gradients of some parameters, zero at first. */
final class ParameterGradient {
  private final Map<String, double[]> values = new LinkedHashMap<>();

  /** Of the trained parameters whose names begin with a prefix. */
  ParameterGradient(Architecture architecture, String prefix) {
    for (ParameterSpec parameter : architecture.parameters()) {
      if (parameter.role().trainable() && parameter.name().startsWith(prefix)) {
        values.put(parameter.name(), new double[Math.toIntExact(parameter.count())]);
      }
    }
  }

  double[] of(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** The sums by name; the caller's from now on. */
  Map<String, double[]> values() {
    return values;
  }
}
