package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;

/** A linear layer on the flattened features of each image. */
final class Linear implements Operation {
  private final String name;
  private final double[] weight;
  private final double[] bias;

  /**
   * @param weight laid out (outputs, inputs)
   */
  Linear(String name, double[] weight, double[] bias) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    int outputs = bias.length;
    int size = input.shape().size();
    double[] x = input.values();
    Features output = Features.zeros(input.images(), new FeatureShape(outputs, 1, 1));
    for (int n = 0; n < input.images(); n++) {
      for (int o = 0; o < outputs; o++) {
        double sum = bias[o];
        for (int i = 0; i < size; i++) {
          sum += weight[o * size + i] * x[n * size + i];
        }
        output.values()[n * outputs + o] = sum;
      }
    }
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), input.shape());
        for (int n = 0; n < input.images(); n++) {
          for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < size; i++) {
              result.values()[n * size + i] +=
                  weight[o * size + i] * cotangent.values()[n * outputs + o];
            }
          }
        }
        return result;
      }

      @Override
      public void addGradient(Features cotangent, ParameterGradient gradient) {
        double[] toWeight = gradient.of(name + ".weight");
        double[] toBias = gradient.of(name + ".bias");
        for (int n = 0; n < input.images(); n++) {
          for (int o = 0; o < outputs; o++) {
            double v = cotangent.values()[n * outputs + o];
            toBias[o] += v;
            for (int i = 0; i < size; i++) {
              toWeight[o * size + i] += v * x[n * size + i];
            }
          }
        }
      }
    };
  }
}
