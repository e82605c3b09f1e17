package io.github.resnetensembles.weights;

import com.google.common.primitives.Doubles;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.UntrainedStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.commons.rng.UniformRandomProvider;

/** Draws untrained weights; the same on every machine and Java version. */
final class Initialiser {
  /** The standard deviation of tokens and position embeddings, as in vision transformers. */
  private static final double EMBEDDING = 0.02;

  private Initialiser() {}

  static Weights initialise(Architecture architecture, long seed) {
    if (architecture.opaque()) {
      throw new InvalidInputException(
          architecture.name()
              + " has blocks of the user's own, which only their maker can initialise");
    }
    Map<String, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      values.put(parameter.name(), draw(parameter, seed));
    }
    if (SignalMoments.known(architecture)) {
      SignalMoments.of(architecture)
          .forEach((layer, squares) -> values.put(layer + ".running_var", singles(squares)));
    } else {
      values.putAll(byRunning(architecture, values));
    }
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      float[] drawn = values.getOrDefault(parameter.name(), new float[0]);
      tensors.add(NamedTensor.of(parameter.name(), parameter.shape(), drawn));
    }
    return ArrayWeights.inMemory(
        architecture, tensors, false, "initialised from seed " + seed, Map.of(), Map.of());
  }

  private static Map<String, float[]> byRunning(
      Architecture architecture, Map<String, float[]> drawn) {
    UntrainedStatistics statistics =
        ServiceLoader.load(UntrainedStatistics.class, UntrainedStatistics.class.getClassLoader())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("nothing runs untrained networks"));
    Map<String, float[]> singles = new LinkedHashMap<>();
    statistics
        .of(architecture, drawn)
        .forEach((name, numbers) -> singles.put(name, singles(Doubles.asList(numbers))));
    return singles;
  }

  private static float[] singles(List<Double> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  private static float[] draw(ParameterSpec parameter, long seed) {
    float[] values = new float[Math.toIntExact(parameter.count())];
    List<Integer> shape = parameter.shape();
    switch (parameter.role()) {
      case CONVOLUTION -> {
        int fanOut = shape.get(2) * shape.get(3) * shape.get(0);
        fillNormal(values, Math.sqrt(2.0 / fanOut), generator(seed, parameter.name()));
      }
      case EMBEDDING -> fillNormal(values, EMBEDDING, generator(seed, parameter.name()));
      case LINEAR_WEIGHT -> {
        UniformRandomProvider generator = generator(seed, parameter.name());
        double bound = 1 / Math.sqrt((double) parameter.count() / shape.get(0));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * generator.nextDouble() - 1));
        }
      }
      case NORM_WEIGHT, RUNNING_VARIANCE -> Arrays.fill(values, 1);
      case CONVOLUTION_BIAS, LINEAR_BIAS, NORM_BIAS, RUNNING_MEAN -> {}
    }
    return values;
  }

  /** The polar method: its only transcendental function is a logarithm, StrictMath's here. */
  private static void fillNormal(
      float[] values, double deviation, UniformRandomProvider generator) {
    for (int i = 0; i < values.length; i += 2) {
      double x;
      double y;
      double square;
      do {
        x = 2 * generator.nextDouble() - 1;
        y = 2 * generator.nextDouble() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      double factor = deviation * Math.sqrt(-2 * StrictMath.log(square) / square);
      values[i] = (float) (x * factor);
      if (i + 1 < values.length) {
        values[i + 1] = (float) (y * factor);
      }
    }
  }

  /** Each tensor has its own generator, so that adding a block leaves the others as they are. */
  private static UniformRandomProvider generator(long seed, String name) {
    return Generators.named(seed + "/" + name);
  }
}
