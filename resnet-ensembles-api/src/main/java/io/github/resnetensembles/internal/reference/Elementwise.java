package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Layer;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Functions of each value. */
final class Elementwise {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Elementwise() {}

  /** Applies a function with this derivative. */
  static LayerTrace of(
      Features input, DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    double[] x = input.values();
    return LayerTrace.of(
        input.like(i -> function.applyAsDouble(x[i])),
        v -> input.like(i -> derivative.applyAsDouble(x[i]) * v.values()[i]));
  }

  /** The derivative of a function; where it has none, the one from the left. */
  static double derivative(Layer.Function function, double x) {
    return switch (function) {
      case RELU -> x <= 0 ? 0 : 1;
      case RELU6 -> x <= 0 || x >= 6 ? 0 : 1;
      case SILU -> {
        double sigmoid = Layer.Function.SIGMOID.at(x);
        yield sigmoid * (1 + x * (1 - sigmoid));
      }
      case GELU -> NORMAL.cumulativeProbability(x) + x * NORMAL.density(x);
      case GELU_TANH -> {
        double factor = Math.sqrt(2 / Math.PI);
        double tanh = Math.tanh(factor * (x + 0.044715 * x * x * x));
        double inner = factor * (1 + 3 * 0.044715 * x * x);
        yield (1 + tanh) / 2 + x / 2 * (1 - tanh * tanh) * inner;
      }
      case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
      case HARD_SIGMOID -> x <= -3 || x >= 3 ? 0 : 1.0 / 6;
      case SIGMOID -> {
        double sigmoid = Layer.Function.SIGMOID.at(x);
        yield sigmoid * (1 - sigmoid);
      }
    };
  }
}
