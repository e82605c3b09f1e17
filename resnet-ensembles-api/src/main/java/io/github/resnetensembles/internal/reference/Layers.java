package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;

/** The layers without parameters or settings. */
final class Layers {
  private Layers() {}

  /** max(x, 0); NaN stays NaN. Its derivative is 0 at 0 and 1 at NaN. */
  static LayerTrace relu(Features input) {
    Features output = Features.zeros(input.images(), input.shape());
    for (int i = 0; i < output.values().length; i++) {
      output.values()[i] = Math.max(input.values()[i], 0);
    }
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), input.shape());
        for (int i = 0; i < result.values().length; i++) {
          result.values()[i] = input.values()[i] <= 0 ? 0 : cotangent.values()[i];
        }
        return result;
      }
    };
  }

  /** All values of an image as one row. */
  static LayerTrace flatten(Features input) {
    FeatureShape row = new FeatureShape(input.shape().size(), 1, 1);
    Features output = new Features(input.images(), row, input.values());
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        return new Features(input.images(), input.shape(), cotangent.values());
      }
    };
  }

  /** The mean of each channel over its pixels. */
  static LayerTrace globalAverage(Features input) {
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
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), input.shape());
        for (int i = 0; i < result.values().length; i++) {
          result.values()[i] = cotangent.values()[i / plane] / plane;
        }
        return result;
      }
    };
  }
}
