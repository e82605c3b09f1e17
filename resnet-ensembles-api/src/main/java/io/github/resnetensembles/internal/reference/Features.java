package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;

/**
 * The values of a batch, laid out (N, C, H, W). Never written to once a layer has returned them, so
 * several may share one array.
 */
final class Features {
  private final int images;
  private final FeatureShape shape;
  private final double[] values;

  Features(int images, FeatureShape shape, double[] values) {
    this.images = images;
    this.shape = shape;
    this.values = values;
  }

  static Features zeros(int images, FeatureShape shape) {
    long size = (long) images * shape.size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          "a batch of "
              + images
              + " images of shape "
              + shape
              + " has "
              + size
              + " values, more than a Java array holds: use smaller batches");
    }
    return new Features(images, shape, new double[(int) size]);
  }

  static Features ofPixels(float[] pixels, int images, FeatureShape shape) {
    Arguments.checkLength("pixels", pixels.length, images, shape);
    double[] values = new double[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[i];
    }
    return new Features(images, shape, values);
  }

  int images() {
    return images;
  }

  FeatureShape shape() {
    return shape;
  }

  double[] values() {
    return values;
  }
}
