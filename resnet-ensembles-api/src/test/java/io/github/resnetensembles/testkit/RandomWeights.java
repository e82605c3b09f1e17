package io.github.resnetensembles.testkit;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Weights drawn from a seed, the same on every machine: convolutions that keep the signal's size,
 * BatchNorm with scales, shifts and statistics that all matter, positive variances. All values are
 * exact in float32.
 */
public final class RandomWeights implements Weights {
  private final Architecture architecture;
  private final long seed;
  private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

  /**
   * Draws the weights.
   *
   * @param architecture the network
   * @param seed equal seeds give equal weights
   */
  public RandomWeights(Architecture architecture, long seed) {
    this.architecture = architecture;
    this.seed = seed;
    for (ParameterSpec parameter : architecture.parameters()) {
      Random random = new Random(31 * seed + parameter.name().hashCode());
      float[] values = new float[Math.toIntExact(parameter.count())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) draw(parameter, random);
      }
      tensors.put(parameter.name(), new Tensor(parameter, values));
    }
  }

  private static double draw(ParameterSpec parameter, Random random) {
    return switch (parameter.role()) {
      case CONVOLUTION -> {
        List<Integer> shape = parameter.shape();
        int fanIn = shape.get(1) * shape.get(2) * shape.get(3);
        yield random.nextGaussian() * Math.sqrt(2.0 / fanIn);
      }
      case LINEAR_WEIGHT ->
          random.nextGaussian() / Math.sqrt((double) parameter.count() / parameter.shape().get(0));
      case EMBEDDING -> random.nextGaussian() / 2;
      case NORM_WEIGHT -> 0.5 + random.nextDouble();
      case CONVOLUTION_BIAS, LINEAR_BIAS, NORM_BIAS, RUNNING_MEAN ->
          0.6 * random.nextDouble() - 0.3;
      case RUNNING_VARIANCE -> 0.5 + random.nextDouble();
    };
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Map<String, NamedTensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (NamedTensor tensor : tensors.values()) {
        for (float value : tensor.floats()) {
          digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(value).flip());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Something that a backend has to pass on. */
  @Override
  public Map<String, String> assumed() {
    return Map.of("eps", "1e-5");
  }

  @Override
  public boolean trained() {
    return true;
  }

  @Override
  public String source() {
    return "random weights of seed " + seed;
  }

  private static final class Tensor implements NamedTensor {
    private final ParameterSpec parameter;
    private final float[] values;

    Tensor(ParameterSpec parameter, float[] values) {
      this.parameter = parameter;
      this.values = values;
    }

    @Override
    public String name() {
      return parameter.name();
    }

    @Override
    public List<Integer> shape() {
      return parameter.shape();
    }

    @Override
    public float[] floats() {
      return values.clone();
    }

    @Override
    public double[] doubles() {
      double[] doubles = new double[values.length];
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = values[i];
      }
      return doubles;
    }
  }
}
