package io.github.resnetensembles;

import java.util.List;

/** One validated tensor of a weight file: finite values in row-major order. */
public interface NamedTensor {
  /** {@return the library's own name, as in {@link ParameterSpec#name()}} */
  String name();

  /** {@return the shape, as in {@link ParameterSpec#shape()}} */
  List<Integer> shape();

  /** {@return the values in float32, a new array} */
  float[] floats();

  /** {@return the values in float64, a new array; exact where the file holds float32} */
  double[] doubles();
}
