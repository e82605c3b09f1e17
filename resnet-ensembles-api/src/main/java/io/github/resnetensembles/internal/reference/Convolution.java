package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;
import org.jspecify.annotations.Nullable;

/**
 * A convolution, padded with zeros.
 *
 * @param weight laid out (channels, input channels of a group, kernel, kernel)
 * @param bias one number for each channel, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Convolution(String name, Layer.Convolution layer, double[] weight, double @Nullable [] bias)
    implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    int stride = layer.stride();
    double[] pixels = input.values();
    Features zeros = Features.zeros(input.images(), layer.output(input.shape()));
    Features output = bias == null ? zeros : zeros.like(i -> bias[zeros.channel(i)]);
    forEachRow(
        input,
        output,
        (w, from, to, count) -> {
          for (int x = 0; x < count; x++) {
            output.values()[to + x] += weight[w] * pixels[from + x * stride];
          }
        });
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          forEachRow(
              input,
              output,
              (w, from, to, count) -> {
                for (int x = 0; x < count; x++) {
                  result.values()[from + x * stride] += weight[w] * v.values()[to + x];
                }
              });
          return result;
        },
        (v, gradient) -> {
          if (bias != null) {
            double[] toBias = gradient.of(name + ".bias");
            for (int i = 0; i < v.values().length; i++) {
              toBias[v.channel(i)] += v.values()[i];
            }
          }
          double[] toWeight = gradient.of(name + ".weight");
          forEachRow(
              input,
              output,
              (w, from, to, count) -> {
                for (int x = 0; x < count; x++) {
                  toWeight[w] += v.values()[to + x] * pixels[from + x * stride];
                }
              });
        });
  }

  /** Visits what each weight connects: rows of the output and where they look in the input. */
  private void forEachRow(Features input, Features output, Row row) {
    FeatureShape in = input.shape();
    FeatureShape out = output.shape();
    int inPlane = in.height() * in.width();
    int outPlane = out.height() * out.width();
    int seen = in.channels() / layer.groups();
    for (int n = 0; n < input.images(); n++) {
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
