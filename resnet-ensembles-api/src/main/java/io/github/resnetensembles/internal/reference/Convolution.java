package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;

/** A convolution without bias, padded with zeros by half its kernel. */
final class Convolution implements Layer {
  private final double[] weight;
  private final int channels;
  private final int kernel;
  private final int stride;

  /**
   * @param weight laid out (channels, input channels, kernel, kernel)
   */
  Convolution(double[] weight, int channels, int kernel, int stride) {
    this.weight = weight;
    this.channels = channels;
    this.kernel = kernel;
    this.stride = stride;
  }

  @Override
  public Features apply(Features input) {
    FeatureShape in = input.shape();
    FeatureShape out = new FeatureShape(channels, strided(in.height()), strided(in.width()));
    Features output = Features.zeros(input.images(), out);
    int inPlane = in.height() * in.width();
    int outPlane = out.height() * out.width();
    for (int n = 0; n < input.images(); n++) {
      int w = 0;
      for (int o = 0; o < channels; o++) {
        int target = (n * channels + o) * outPlane;
        for (int c = 0; c < in.channels(); c++) {
          int source = (n * in.channels() + c) * inPlane;
          for (int ky = 0; ky < kernel; ky++) {
            for (int kx = 0; kx < kernel; kx++) {
              addTap(weight[w++], input.values(), source, in, ky, kx, output.values(), target, out);
            }
          }
        }
      }
    }
    return output;
  }

  /** Adds what one weight contributes to one output plane. */
  private void addTap(
      double factor,
      double[] source,
      int sourceOffset,
      FeatureShape in,
      int ky,
      int kx,
      double[] target,
      int targetOffset,
      FeatureShape out) {
    int dy = ky - kernel / 2;
    int dx = kx - kernel / 2;
    int firstX = firstInside(dx);
    int endX = Math.min(out.width(), endInside(dx, in.width()));
    int endY = Math.min(out.height(), endInside(dy, in.height()));
    for (int y = firstInside(dy); y < endY; y++) {
      int from = sourceOffset + (y * stride + dy) * in.width() + dx;
      int to = targetOffset + y * out.width();
      for (int x = firstX; x < endX; x++) {
        target[to + x] += factor * source[from + x * stride];
      }
    }
  }

  /** The first output place whose tap lies inside the input. */
  private int firstInside(int offset) {
    return offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  }

  /** The output place after the last one whose tap lies inside the input. */
  private int endInside(int offset, int size) {
    return Math.floorDiv(size - 1 - offset, stride) + 1;
  }

  private int strided(int size) {
    return (size - 1) / stride + 1;
  }
}
