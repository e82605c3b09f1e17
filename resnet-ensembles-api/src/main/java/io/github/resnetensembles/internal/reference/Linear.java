package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;

/**
 * A linear layer on the flattened features of each image.
 *
 * @param weight laid out (outputs, inputs)
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Linear(String name, double[] weight, double[] bias) implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    double[] x = input.values();
    Features output =
        Features.zeros(input.images(), new FeatureShape(bias.length, 1, 1))
            .like(i -> bias[i % bias.length]);
    forEachWeight(input, (w, from, to) -> output.values()[to] += weight[w] * x[from]);
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          forEachWeight(
              input, (w, from, to) -> result.values()[from] += weight[w] * v.values()[to]);
          return result;
        },
        (v, gradient) -> {
          double[] toBias = gradient.of(name + ".bias");
          for (int i = 0; i < v.values().length; i++) {
            toBias[i % bias.length] += v.values()[i];
          }
          double[] toWeight = gradient.of(name + ".weight");
          forEachWeight(input, (w, from, to) -> toWeight[w] += v.values()[to] * x[from]);
        });
  }

  private void forEachWeight(Features input, Connection connection) {
    int size = input.shape().size();
    for (int to = 0; to < input.images() * bias.length; to++) {
      for (int i = 0; i < size; i++) {
        connection.visit(to % bias.length * size + i, to / bias.length * size + i, to);
      }
    }
  }

  /** A weight, and what it connects in the input and in the output. */
  @FunctionalInterface
  private interface Connection {
    void visit(int w, int from, int to);
  }
}
