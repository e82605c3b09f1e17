package io.github.resnetensembles.testkit;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Weights with other values, in double precision. */
final class ChangedWeights implements Weights {
  private final Weights original;
  private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

  /**
   * @param change gives the new values of a tensor, by its name and its own array of old ones
   */
  ChangedWeights(Weights original, BiFunction<String, double[], double[]> change) {
    this.original = original;
    original
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    name, new Tensor(name, tensor.shape(), change.apply(name, tensor.doubles()))));
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
    return original.source() + ", changed";
  }

  private static final class Tensor implements NamedTensor {
    private final String name;
    private final List<Integer> shape;
    private final double[] values;

    Tensor(String name, List<Integer> shape, double[] values) {
      this.name = name;
      this.shape = shape;
      this.values = values;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Integer> shape() {
      return shape;
    }

    @Override
    public float[] floats() {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }

    @Override
    public double[] doubles() {
      return values.clone();
    }
  }
}
