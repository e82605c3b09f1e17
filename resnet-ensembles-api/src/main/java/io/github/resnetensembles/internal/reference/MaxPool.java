package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;

/** Max-pooling of stride 2, its output size rounded up; NaN wins. */
final class MaxPool implements Layer {
  private final int kernel;
  private final int padding;

  MaxPool(int kernel, int padding) {
    this.kernel = kernel;
    this.padding = padding;
  }

  @Override
  public Features apply(Features input) {
    FeatureShape in = input.shape();
    FeatureShape out = new FeatureShape(in.channels(), (in.height() + 1) / 2, (in.width() + 1) / 2);
    Features output = Features.zeros(input.images(), out);
    int target = 0;
    for (int plane = 0; plane < input.images() * in.channels(); plane++) {
      int source = plane * in.height() * in.width();
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          output.values()[target++] =
              largest(input.values(), source, in, 2 * y - padding, 2 * x - padding);
        }
      }
    }
    return output;
  }

  private double largest(double[] values, int source, FeatureShape in, int top, int left) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int y = Math.max(0, top); y < Math.min(in.height(), top + kernel); y++) {
      for (int x = Math.max(0, left); x < Math.min(in.width(), left + kernel); x++) {
        largest = Math.max(largest, values[source + y * in.width() + x]);
      }
    }
    return largest;
  }
}
