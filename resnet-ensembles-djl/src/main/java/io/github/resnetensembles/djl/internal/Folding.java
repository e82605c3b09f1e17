package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/**
 * BatchNorm folded into the layer before it, in double precision: (Wx + c - mean) · scale + shift
 * with scale = weight / sqrt(variance + epsilon) is (scale · W) x + (shift + (c - mean) · scale).
 */
final class Folding {
  private final Weights weights;

  Folding(Weights weights) {
    this.weights = weights;
  }

  /**
   * One layer with the BatchNorm after it.
   *
   * @param weight the values in row-major order; not to be changed
   * @param bias one value for each output; not to be changed
   * @param shape the weight's: (out, in, kH, kW) or (out, in)
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Layer(double[] weight, double[] bias, List<Integer> shape) {}

  double[] values(String name) {
    return tensor(name).doubles();
  }

  List<Integer> shape(String name) {
    return tensor(name).shape();
  }

  /** Folds {@code norm} into a layer. */
  Layer fold(String layer, String norm, double epsilon, boolean hasBias) {
    double[] bias = hasBias ? values(layer + ".bias") : new double[shape(layer + ".weight").get(0)];
    double[] weight = values(layer + ".weight");
    double[] scale = values(norm + ".weight");
    double[] shift = values(norm + ".bias");
    double[] mean = values(norm + ".running_mean");
    double[] variance = values(norm + ".running_var");
    int row = weight.length / scale.length;
    double[] folded = new double[weight.length];
    double[] foldedBias = new double[scale.length];
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt(variance[c] + epsilon);
      for (int i = c * row; i < (c + 1) * row; i++) {
        folded[i] = weight[i] * factor;
      }
      foldedBias[c] = shift[c] + (bias[c] - mean[c]) * factor;
    }
    return new Layer(folded, foldedBias, shape(layer + ".weight"));
  }

  private NamedTensor tensor(String name) {
    NamedTensor tensor = weights.tensors().get(name);
    if (tensor == null) {
      throw new InvalidInputException(
          "the weights of " + weights.architecture().name() + " lack the tensor " + name);
    }
    return tensor;
  }
}
