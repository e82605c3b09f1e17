package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor that holds its values in the precision they came in. */
final class ArrayTensor implements NamedTensor {
  private final String name;
  private final List<Integer> shape;
  private final float @Nullable [] singles;
  private final double[] wide;

  private ArrayTensor(String name, List<Integer> shape, float @Nullable [] singles, double[] wide) {
    this.name = name;
    this.shape = List.copyOf(shape);
    this.singles = singles;
    this.wide = wide;
    int length = singles == null ? wide.length : singles.length;
    if (shape.stream().mapToLong(size -> size).reduce(1, Math::multiplyExact) != length) {
      throw new InvalidInputException(
          name + " of the shape " + shape + " cannot have " + length + " values");
    }
  }

  static NamedTensor of(String name, List<Integer> shape, float[] values) {
    return new ArrayTensor(name, shape, values.clone(), new double[0]);
  }

  static NamedTensor of(String name, List<Integer> shape, double[] values) {
    return new ArrayTensor(name, shape, null, values.clone());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public float[] floats() {
    if (singles != null) {
      return singles.clone();
    }
    float[] rounded = new float[wide.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) wide[i];
    }
    return rounded;
  }

  @Override
  public double[] doubles() {
    if (singles == null) {
      return wide.clone();
    }
    double[] widened = new double[singles.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = singles[i];
    }
    return widened;
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
