package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.NamedTensor;
import io.github.resnetensembles.ParameterSpec;
import io.github.resnetensembles.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Seeded weights of a size that keeps signals near one, whatever the depth. */
record RandomWeights(Architecture architecture, Map<String, NamedTensor> tensors)
    implements Weights {

  static RandomWeights of(Architecture architecture, long seed) {
    Random random = new Random(seed);
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      double[] values = new double[Math.toIntExact(parameter.count())];
      double fanIn = (double) values.length / parameter.shape().get(0);
      for (int i = 0; i < values.length; i++) {
        double g = random.nextGaussian();
        values[i] =
            (float)
                switch (parameter.role()) {
                  case CONVOLUTION, LINEAR_WEIGHT -> g / Math.sqrt(fanIn);
                  case NORM_WEIGHT -> 0.8 + 0.2 * g;
                  case RUNNING_VARIANCE -> 0.5 + random.nextDouble();
                  case NORM_BIAS, RUNNING_MEAN, LINEAR_BIAS -> 0.2 * g;
                };
      }
      tensors.put(parameter.name(), new Tensor(parameter.name(), parameter.shape(), values));
    }
    return new RandomWeights(architecture, Collections.unmodifiableMap(tensors));
  }

  @Override
  public String sha256() {
    return "0".repeat(64);
  }

  @Override
  public boolean trained() {
    return false;
  }

  @Override
  public String source() {
    return "seeded";
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
      for (int i = 0; i < values.length; i++) {
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
