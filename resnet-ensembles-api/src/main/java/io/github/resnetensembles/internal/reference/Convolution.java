package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;

/** A convolution without bias, padded with zeros by half its kernel. */
final class Convolution implements Layer {
  private final String name;
  private final double[] weight;
  private final int channels;
  private final int kernel;
  private final int stride;

  /**
   * @param weight laid out (channels, input channels, kernel, kernel)
   */
  Convolution(String name, double[] weight, int channels, int kernel, int stride) {
    this.name = name;
    this.weight = weight;
    this.channels = channels;
    this.kernel = kernel;
    this.stride = stride;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    FeatureShape in = input.shape();
    FeatureShape out = new FeatureShape(channels, strided(in.height()), strided(in.width()));
    Features output = Features.zeros(input.images(), out);
    forEachRow(
        input.images(),
        in,
        out,
        (w, from, to, count) -> {
          for (int x = 0; x < count; x++) {
            output.values()[to + x] += weight[w] * input.values()[from + x * stride];
          }
        });
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), in);
        forEachRow(
            input.images(),
            in,
            out,
            (w, from, to, count) -> {
              for (int x = 0; x < count; x++) {
                result.values()[from + x * stride] += weight[w] * cotangent.values()[to + x];
              }
            });
        return result;
      }

      @Override
      public void addGradient(Features cotangent, ParameterGradient gradient) {
        double[] toWeight = gradient.of(name + ".weight");
        forEachRow(
            input.images(),
            in,
            out,
            (w, from, to, count) -> {
              for (int x = 0; x < count; x++) {
                toWeight[w] += cotangent.values()[to + x] * input.values()[from + x * stride];
              }
            });
      }
    };
  }

  /** Visits what each weight connects: rows of the output and where they look in the input. */
  private void forEachRow(int images, FeatureShape in, FeatureShape out, Row row) {
    int inPlane = in.height() * in.width();
    int outPlane = out.height() * out.width();
    for (int n = 0; n < images; n++) {
      int w = 0;
      for (int o = 0; o < channels; o++) {
        int target = (n * channels + o) * outPlane;
        for (int c = 0; c < in.channels(); c++) {
          int source = (n * in.channels() + c) * inPlane;
          for (int ky = 0; ky < kernel; ky++) {
            for (int kx = 0; kx < kernel; kx++) {
              forEachRow(w++, source, in, ky - kernel / 2, kx - kernel / 2, target, out, row);
            }
          }
        }
      }
    }
  }

  private void forEachRow(
      int w, int source, FeatureShape in, int dy, int dx, int target, FeatureShape out, Row row) {
    int firstX = firstInside(dx);
    int endX = Math.min(out.width(), endInside(dx, in.width()));
    int endY = Math.min(out.height(), endInside(dy, in.height()));
    for (int y = firstInside(dy); y < endY; y++) {
      int from = source + (y * stride + dy) * in.width() + dx + firstX * stride;
      row.visit(w, from, target + y * out.width() + firstX, endX - firstX);
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

  /** One weight, the first pixels it connects in the input and in the output, and how many. */
  @FunctionalInterface
  private interface Row {
    void visit(int w, int from, int to, int count);
  }
}
