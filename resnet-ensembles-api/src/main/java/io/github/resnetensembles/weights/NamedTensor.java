package io.github.resnetensembles.weights;

import io.github.resnetensembles.network.ParameterSpec;
import java.util.List;

/**
 * One validated tensor of a weight file: finite values in row-major order.
 *
 * <p>Implemented by this library alone.
 */
public interface NamedTensor {
  /**
   * A tensor in float32.
   *
   * @param name the library's own name
   * @param shape as in {@link ParameterSpec#shape()}
   * @param values in row-major order, as many as the shape has; copied
   * @return the tensor
   * @throws IllegalArgumentException if there are not as many
   */
  static NamedTensor of(String name, List<Integer> shape, float[] values) {
    return ArrayTensor.of(name, shape, values);
  }

  /**
   * A tensor in float64.
   *
   * @param name the library's own name
   * @param shape as in {@link ParameterSpec#shape()}
   * @param values in row-major order, as many as the shape has; copied
   * @return the tensor
   * @throws IllegalArgumentException if there are not as many
   */
  static NamedTensor of(String name, List<Integer> shape, double[] values) {
    return ArrayTensor.of(name, shape, values);
  }

  /** {@return the library's own name, as in {@link ParameterSpec#name()}} */
  String name();

  /** {@return the shape, as in {@link ParameterSpec#shape()}} */
  List<Integer> shape();

  /** {@return the values in float32, a new array} */
  float[] floats();

  /** {@return the values in float64, a new array; exact where the file holds float32} */
  double[] doubles();
}
