package io.github.resnetensembles.djl.internal;

import java.util.List;
import java.util.Map;

/** A layer as it is written into scripts: forward, and as the transpose of its Jacobian. */
interface DerivableLayer {
  /**
   * Writes the layer.
   *
   * @param x the input
   * @param saved gets the {@link #savedCount()} values that {@link #pullBack} needs; they are not
   *     to be changed
   * @return the output
   */
  Value forward(ScriptText text, Value x, List<String> saved);

  /** {@return the names of the further arrays that the forward script is given for this layer} */
  default List<String> arguments() {
    return List.of();
  }

  /** {@return how many values the forward pass saves} */
  default int savedCount() {
    return 0;
  }

  /**
   * Writes the vector-Jacobian product.
   *
   * @param cotangent shaped like the output
   * @param saved what the forward pass saved
   * @return shaped like the input
   */
  Value pullBack(ScriptText text, Value cotangent, List<String> saved);

  /**
   * Writes the vector-Jacobian product and the gradients of the layer's parameters.
   *
   * @param cotangent shaped like the output
   * @param saved what the forward pass saved
   * @param gradients gets the gradients, by tensor name
   * @return shaped like the input
   */
  default Value pullBack(
      ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
    return pullBack(text, cotangent, saved);
  }

  /**
   * {@return whether no output is negative}
   *
   * @param input whether no input is
   */
  default boolean nonNegative(boolean input) {
    return false;
  }
}
