package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;
import org.jspecify.annotations.Nullable;

/** A convolution, padded with zeros. */
final class Convolution implements Operation {
  private final String name;
  private final Layer.Convolution layer;
  private final double[] weight;
  private final double @Nullable [] bias;

  /**
   * @param weight laid out (channels, input channels of a group, kernel, kernel)
   * @param bias one number for each channel, or null
   */
  Convolution(String name, Layer.Convolution layer, double[] weight, double @Nullable [] bias) {
    this.name = name;
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    FeatureShape in = input.shape();
    FeatureShape out = layer.output(in);
    int stride = layer.stride();
    Features output = Features.zeros(input.images(), out);
    if (bias != null) {
      for (int i = 0; i < output.values().length; i++) {
        output.values()[i] = bias[channel(out, i)];
      }
    }
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
        if (bias != null) {
          double[] toBias = gradient.of(name + ".bias");
          for (int i = 0; i < cotangent.values().length; i++) {
            toBias[channel(out, i)] += cotangent.values()[i];
          }
        }
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

  private static int channel(FeatureShape out, int index) {
    return index / (out.height() * out.width()) % out.channels();
  }

  /** Visits what each weight connects: rows of the output and where they look in the input. */
  private void forEachRow(int images, FeatureShape in, FeatureShape out, Row row) {
    int inPlane = in.height() * in.width();
    int outPlane = out.height() * out.width();
    int seen = in.channels() / layer.groups();
    for (int n = 0; n < images; n++) {
      int w = 0;
      for (int o = 0; o < out.channels(); o++) {
        int target = (n * out.channels() + o) * outPlane;
        int first = o / (out.channels() / layer.groups()) * seen;
        for (int c = first; c < first + seen; c++) {
          int source = (n * in.channels() + c) * inPlane;
          for (int ky = 0; ky < layer.kernel(); ky++) {
            for (int kx = 0; kx < layer.kernel(); kx++) {
              forEachRow(w++, source, in, offset(ky), offset(kx), target, out, row);
            }
          }
        }
      }
    }
  }

  private int offset(int tap) {
    return tap * layer.dilation() - layer.padding();
  }

  private void forEachRow(
      int w, int source, FeatureShape in, int dy, int dx, int target, FeatureShape out, Row row) {
    int stride = layer.stride();
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
    return offset >= 0 ? 0 : (-offset + layer.stride() - 1) / layer.stride();
  }

  /** The output place after the last one whose tap lies inside the input. */
  private int endInside(int offset, int size) {
    return Math.floorDiv(size - 1 - offset, layer.stride()) + 1;
  }

  /** One weight, the first pixels it connects in the input and in the output, and how many. */
  @FunctionalInterface
  private interface Row {
    void visit(int w, int from, int to, int count);
  }
}
