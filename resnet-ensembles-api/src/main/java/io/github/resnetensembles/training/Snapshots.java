package io.github.resnetensembles.training;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Weights as they are in a network that changes them. */
final class Snapshots {
  private Snapshots() {}

  /**
   * Takes over the arrays.
   *
   * @param failure what to throw for a complaint about a value that is not finite
   */
  static Weights of(
      Architecture architecture,
      Map<String, double[]> tensors,
      Precision precision,
      boolean trained,
      String source,
      Function<String, ? extends RuntimeException> failure) {
    List<NamedTensor> all = new ArrayList<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      double[] values = tensors.getOrDefault(parameter.name(), new double[0]);
      for (double value : values) {
        if (!Float.isFinite((float) value)) {
          throw failure.apply(parameter.name() + " has the value " + value);
        }
      }
      all.add(
          precision == Precision.FLOAT64
              ? NamedTensor.of(parameter.name(), parameter.shape(), values)
              : NamedTensor.of(parameter.name(), parameter.shape(), singles(values)));
    }
    return Weights.of(architecture, all, trained, source);
  }

  private static float[] singles(double[] values) {
    float[] singles = new float[values.length];
    for (int i = 0; i < singles.length; i++) {
      singles[i] = (float) values[i];
    }
    return singles;
  }
}
