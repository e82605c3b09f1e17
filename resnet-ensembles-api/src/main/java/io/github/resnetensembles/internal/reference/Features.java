package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.spi.Arguments;
import java.util.function.IntToDoubleFunction;

/**
 * The values of a batch, laid out (N, C, H, W). Never written to once a layer has returned them, so
 * several may share one array.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Features(int images, FeatureShape shape, double[] values) {
  static Features zeros(int images, FeatureShape shape) {
    long size = (long) images * shape.size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          "a batch of %s images of shape %s has %s values, more than a Java array holds: use smaller batches"
              .formatted(images, shape, size));
    }
    return new Features(images, shape, new double[(int) size]);
  }

  static Features ofPixels(float[] pixels, int images, FeatureShape shape) {
    Arguments.checkLength("pixels", pixels.length, images, shape);
    return zeros(images, shape).fill(i -> pixels[i]);
  }

  /** As many values as here, each a function of its index. */
  Features like(IntToDoubleFunction value) {
    return zeros(images, shape).fill(value);
  }

  private Features fill(IntToDoubleFunction value) {
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsDouble(i);
    }
    return this;
  }

  /** The channel of a value. */
  int channel(int index) {
    return index / (shape.height() * shape.width()) % shape.channels();
  }

  /** Adds gain · other to this, for whoever has made it; one image's worth serves every image. */
  void addScaled(double gain, Features other) {
    int period = other.values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] += gain * other.values[i % period];
    }
  }
}
