package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;

/** The layers without parameters or settings. */
final class Layers {
  private Layers() {}

  /** max(x, 0); NaN stays NaN. */
  static Features relu(Features input) {
    Features output = Features.zeros(input.images(), input.shape());
    for (int i = 0; i < output.values().length; i++) {
      output.values()[i] = Math.max(input.values()[i], 0);
    }
    return output;
  }

  /** The mean of each channel over its pixels. */
  static Features globalAverage(Features input) {
    int channels = input.shape().channels();
    int plane = input.shape().height() * input.shape().width();
    Features output = Features.zeros(input.images(), new FeatureShape(channels, 1, 1));
    for (int i = 0; i < output.values().length; i++) {
      double sum = 0;
      for (int p = i * plane; p < (i + 1) * plane; p++) {
        sum += input.values()[p];
      }
      output.values()[i] = sum / plane;
    }
    return output;
  }
}
