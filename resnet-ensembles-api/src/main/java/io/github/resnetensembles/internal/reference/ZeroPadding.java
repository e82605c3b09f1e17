package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;

/** The parameter-free shortcut: keeps every stride-th pixel and adds channels of zeros. */
final class ZeroPadding implements Operation {
  private final Layer.ZeroPadding layer;

  ZeroPadding(Layer.ZeroPadding layer) {
    this.layer = layer;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    FeatureShape in = input.shape();
    FeatureShape out = layer.output(in);
    Features output = Features.zeros(input.images(), out);
    forEachKept(input.images(), in, out, (i, o) -> output.values()[o] = input.values()[i]);
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), in);
        forEachKept(input.images(), in, out, (i, o) -> result.values()[i] = cotangent.values()[o]);
        return result;
      }
    };
  }

  private void forEachKept(int images, FeatureShape in, FeatureShape out, Kept kept) {
    int front = layer.before(in);
    int stride = layer.stride();
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < in.channels(); c++) {
        int source = (n * in.channels() + c) * in.height() * in.width();
        int target = (n * out.channels() + front + c) * out.height() * out.width();
        for (int y = 0; y < out.height(); y++) {
          for (int x = 0; x < out.width(); x++) {
            kept.at(source + stride * (y * in.width() + x), target++);
          }
        }
      }
    }
  }

  /** A pixel of the input and where it is in the output. */
  @FunctionalInterface
  private interface Kept {
    void at(int input, int output);
  }
}
