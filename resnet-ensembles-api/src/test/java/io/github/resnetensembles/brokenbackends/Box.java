package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import java.util.function.DoubleUnaryOperator;

/** An activation on an array that a fault may share, change or keep. */
class Box implements Activation {
  private final int images;
  private final FeatureShape shape;
  private final double[] array;

  Box(int images, FeatureShape shape, double[] array) {
    this.images = images;
    this.shape = shape;
    this.array = array;
  }

  /** Takes the place of an activation. */
  static Box of(Activation y) {
    try (y) {
      return new Box(y.images(), y.shape(), y.values());
    }
  }

  /** Takes the place of an activation, every value changed. */
  static Box mapped(Activation y, DoubleUnaryOperator change) {
    Box box = of(y);
    for (int i = 0; i < box.array.length; i++) {
      box.array[i] = change.applyAsDouble(box.array[i]);
    }
    return box;
  }

  double[] array() {
    return array;
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public double[] values() {
    return array.clone();
  }

  @Override
  public void close() {}
}
