package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;

/**
 * A one-dimensional convolution along the channels of images of one pixel, padded with zeros to
 * keep their number.
 *
 * @param name of the weight
 * @param weight an odd number of taps
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ChannelConvolution(String name, double[] weight) implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    double[] x = input.values();
    Features output = Features.zeros(input.images(), input.shape());
    forEachTap(input, (tap, from, to) -> output.values()[to] += weight[tap] * x[from]);
    return LayerTrace.of(
        output,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          forEachTap(
              input, (tap, from, to) -> result.values()[from] += weight[tap] * v.values()[to]);
          return result;
        },
        (v, gradient) -> {
          double[] toWeight = gradient.of(name);
          forEachTap(input, (tap, from, to) -> toWeight[tap] += v.values()[to] * x[from]);
        });
  }

  private void forEachTap(Features features, Tap each) {
    int channels = features.shape().channels();
    for (int to = 0; to < features.values().length; to++) {
      for (int tap = 0; tap < weight.length; tap++) {
        int channel = to % channels + tap - weight.length / 2;
        if (channel >= 0 && channel < channels) {
          each.at(tap, to - to % channels + channel, to);
        }
      }
    }
  }

  /** A tap, and what it connects in the input and in the output. */
  @FunctionalInterface
  private interface Tap {
    void at(int tap, int from, int to);
  }
}
