package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;

/** A linear layer on the flattened features of each image. */
final class Linear implements Layer {
  private final double[] weight;
  private final double[] bias;

  /**
   * @param weight laid out (outputs, inputs)
   */
  Linear(double[] weight, double[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public Features apply(Features input) {
    int size = input.shape().size();
    Features output = Features.zeros(input.images(), new FeatureShape(bias.length, 1, 1));
    for (int n = 0; n < input.images(); n++) {
      for (int o = 0; o < bias.length; o++) {
        double sum = bias[o];
        for (int i = 0; i < size; i++) {
          sum += weight[o * size + i] * input.values()[n * size + i];
        }
        output.values()[n * bias.length + o] = sum;
      }
    }
    return output;
  }
}
