package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;

/** The layers without parameters. */
final class Layers {
  private Layers() {}

  /** max(x, 0); NaN stays NaN. Its derivative is 0 at 0 and 1 at NaN. */
  static LayerTrace relu(Features input) {
    double[] x = input.values();
    return LayerTrace.of(
        input.like(i -> Math.max(x[i], 0)), v -> input.like(i -> x[i] <= 0 ? 0 : v.values()[i]));
  }

  /** All values of an image as one row. */
  static LayerTrace flatten(Features input) {
    return reshaped(input, new FeatureShape(input.shape().size(), 1, 1));
  }

  /** The same values in the same order as another shape. */
  static LayerTrace reshaped(Features input, FeatureShape shape) {
    return LayerTrace.of(
        new Features(input.images(), shape, input.values()),
        v -> new Features(input.images(), input.shape(), v.values()));
  }

  /** The mean of each channel over its pixels. */
  static LayerTrace globalAverage(Features input) {
    int channels = input.shape().channels();
    int plane = input.shape().height() * input.shape().width();
    Features output = Features.zeros(input.images(), new FeatureShape(channels, 1, 1));
    for (int i = 0; i < input.values().length; i++) {
      output.values()[i / plane] += input.values()[i];
    }
    return LayerTrace.of(
        output.like(i -> output.values()[i] / plane),
        v -> input.like(i -> v.values()[i / plane] / plane));
  }

  /** The maximum of each channel over its pixels; NaN wins, else the first of the largest. */
  static LayerTrace globalMaximum(Features input) {
    FeatureShape in = input.shape();
    int plane = in.height() * in.width();
    Features output = Features.zeros(input.images(), new FeatureShape(in.channels(), 1, 1));
    int[] winners = new int[output.values().length];
    for (int i = 0; i < winners.length; i++) {
      int best = i * plane;
      for (int pixel = best + 1; pixel < (i + 1) * plane; pixel++) {
        double value = input.values()[pixel];
        double largest = input.values()[best];
        if (value > largest || (Double.isNaN(value) && !Double.isNaN(largest))) {
          best = pixel;
        }
      }
      winners[i] = best;
      output.values()[i] = input.values()[best];
    }
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), in);
          for (int i = 0; i < winners.length; i++) {
            result.values()[winners[i]] = v.values()[i];
          }
          return result;
        });
  }

  /** Max-pooling; NaN wins, else the first of the largest. */
  static LayerTrace maxPool(Features input, Layer.MaxPool layer) {
    FeatureShape in = input.shape();
    FeatureShape out = layer.output(in);
    Features output = Features.zeros(input.images(), out);
    int[] winners = new int[output.values().length];
    for (int target = 0; target < winners.length; target++) {
      int source = target / (out.height() * out.width()) * in.height() * in.width();
      int top = layer.stride() * (target / out.width() % out.height()) - layer.padding();
      int left = layer.stride() * (target % out.width()) - layer.padding();
      winners[target] = winner(input.values(), source, in, layer.kernel(), top, left);
      output.values()[target] = input.values()[winners[target]];
    }
    return LayerTrace.of(
        output,
        cotangent -> {
          Features result = Features.zeros(input.images(), in);
          for (int i = 0; i < winners.length; i++) {
            result.values()[winners[i]] += cotangent.values()[i];
          }
          return result;
        });
  }

  private static int winner(
      double[] values, int source, FeatureShape in, int kernel, int top, int left) {
    int winner = -1;
    for (int y = Math.max(0, top); y < Math.min(in.height(), top + kernel); y++) {
      for (int x = Math.max(0, left); x < Math.min(in.width(), left + kernel); x++) {
        int i = source + y * in.width() + x;
        if (winner < 0
            || values[i] > values[winner]
            || (Double.isNaN(values[i]) && !Double.isNaN(values[winner]))) {
          winner = i;
        }
      }
    }
    return winner;
  }

  /** The first channels of each image. */
  static LayerTrace firstChannels(Features input, FeatureShape shape) {
    int all = input.shape().size();
    int kept = shape.size();
    return LayerTrace.of(
        Features.zeros(input.images(), shape).like(i -> input.values()[i / kept * all + i % kept]),
        v -> input.like(i -> i % all < kept ? v.values()[i / all * kept + i % all] : 0));
  }

  /** The parameter-free shortcut: keeps every stride-th pixel and adds channels of zeros. */
  static LayerTrace zeroPadding(Features input, Layer.ZeroPadding layer) {
    Features output = Features.zeros(input.images(), layer.output(input.shape()));
    forEachKept(input, output, layer, (i, o) -> output.values()[o] = input.values()[i]);
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          forEachKept(input, v, layer, (i, o) -> result.values()[i] = v.values()[o]);
          return result;
        });
  }

  private static void forEachKept(
      Features input, Features output, Layer.ZeroPadding layer, Kept kept) {
    FeatureShape in = input.shape();
    FeatureShape out = output.shape();
    for (int n = 0; n < input.images(); n++) {
      for (int c = 0; c < in.channels(); c++) {
        int source = (n * in.channels() + c) * in.height() * in.width();
        int target = (n * out.channels() + layer.before(in) + c) * out.height() * out.width();
        for (int y = 0; y < out.height(); y++) {
          for (int x = 0; x < out.width(); x++) {
            kept.at(source + layer.stride() * (y * in.width() + x), target++);
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
