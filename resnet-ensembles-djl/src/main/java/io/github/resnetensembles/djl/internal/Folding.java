package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/**
 * BatchNorm with running statistics, which multiplies each channel and adds to it, and is folded
 * into the layer before it, in double precision: (Wx + c - mean) · scale + shift with scale =
 * weight / sqrt(variance + epsilon) is (scale · W) x + (shift + (c - mean) · scale).
 */
final class Folding {
  private final Weights weights;

  Folding(Weights weights) {
    this.weights = weights;
  }

  /**
   * One layer, alone or with the BatchNorm after it.
   *
   * @param weight the values in row-major order; not to be changed
   * @param bias one value for each output; not to be changed
   * @param shape the weight's: (out, in, kH, kW) or (out, in)
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Layer(double[] weight, double[] bias, List<Integer> shape) {}

  /**
   * Each channel times a scale, plus a shift.
   *
   * @param scale one value for each channel; not to be changed
   * @param shift one value for each channel; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Affine(double[] scale, double[] shift) {}

  double[] values(String name) {
    return tensor(name).doubles();
  }

  List<Integer> shape(String name) {
    return tensor(name).shape();
  }

  /**
   * A layer as it is.
   *
   * @param hasBias without one, it has zeros
   */
  Layer layer(String layer, boolean hasBias) {
    List<Integer> shape = shape(layer + ".weight");
    double[] bias = hasBias ? values(layer + ".bias") : new double[shape.get(0)];
    return new Layer(values(layer + ".weight"), bias, shape);
  }

  /** Folds {@code norm} into a layer. */
  Layer fold(String layer, String norm, double epsilon, boolean hasBias) {
    Layer plain = layer(layer, hasBias);
    Affine affine = affine(norm, epsilon, plain.bias());
    double[] weight = plain.weight();
    int row = weight.length / affine.scale().length;
    for (int i = 0; i < weight.length; i++) {
      weight[i] *= affine.scale()[i / row];
    }
    return new Layer(weight, affine.shift(), plain.shape());
  }

  /** What {@code norm} does on its own. */
  Affine affine(String norm, double epsilon) {
    return affine(norm, epsilon, new double[shape(norm + ".weight").get(0)]);
  }

  /** What {@code norm} does behind a bias. */
  private Affine affine(String norm, double epsilon, double[] bias) {
    double[] scale = values(norm + ".weight");
    double[] shift = values(norm + ".bias");
    double[] mean = values(norm + ".running_mean");
    double[] variance = values(norm + ".running_var");
    for (int c = 0; c < scale.length; c++) {
      scale[c] /= Math.sqrt(variance[c] + epsilon);
      shift[c] += (bias[c] - mean[c]) * scale[c];
    }
    return new Affine(scale, shift);
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
