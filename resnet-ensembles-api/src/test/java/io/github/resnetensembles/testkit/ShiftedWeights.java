package io.github.resnetensembles.testkit;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Other weights with some tensors replaced. */
final class ShiftedWeights implements Weights {
  private final Weights original;
  private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

  ShiftedWeights(Weights original, Map<String, double[]> replaced) {
    this.original = original;
    original
        .tensors()
        .forEach(
            (name, tensor) -> {
              double[] values = replaced.getOrDefault(name, tensor.doubles());
              tensors.put(name, new Tensor(name, tensor.shape(), values.clone()));
            });
  }

  @Override
  public Architecture architecture() {
    return original.architecture();
  }

  @Override
  public Map<String, NamedTensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public String sha256() {
    return original.sha256();
  }

  @Override
  public boolean trained() {
    return original.trained();
  }

  @Override
  public String source() {
    return original.source() + ", shifted";
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Tensor(String name, List<Integer> shape, double[] values) implements NamedTensor {
    @Override
    public float[] floats() {
      float[] singles = new float[values.length];
      for (int i = 0; i < singles.length; i++) {
        singles[i] = (float) values[i];
      }
      return singles;
    }

    @Override
    public double[] doubles() {
      return values.clone();
    }
  }
}
