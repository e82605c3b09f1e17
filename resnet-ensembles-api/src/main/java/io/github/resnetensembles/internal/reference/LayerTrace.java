package io.github.resnetensembles.internal.reference;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** One layer, run forward on one batch, and its vector-Jacobian products there. */
interface LayerTrace {
  Features output();

  /** The Jacobian transposed, times a cotangent shaped like the output. */
  Features pullBack(Features cotangent);

  /** Adds the gradient of the layer's parameters for a cotangent shaped like the output. */
  default void addGradient(Features cotangent, ParameterGradient gradient) {}

  /** Both at once: adds the gradient of the layer's parameters and pulls back. */
  default Features backward(Features cotangent, ParameterGradient gradient) {
    addGradient(cotangent, gradient);
    return pullBack(cotangent);
  }

  /**
   * Moves the running statistics towards those of the batch, for a trace in train mode.
   *
   * @param momentum the share of the batch
   * @param updated the names of the layers that have been moved, which are left alone
   */
  default void updateStatistics(double momentum, Set<String> updated) {}

  /** Of a layer without parameters. */
  static LayerTrace of(Features output, UnaryOperator<Features> transpose) {
    return of(output, transpose, (cotangent, gradient) -> {});
  }

  static LayerTrace of(
      Features output,
      UnaryOperator<Features> transpose,
      BiConsumer<Features, ParameterGradient> parameters) {
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        return transpose.apply(cotangent);
      }

      @Override
      public void addGradient(Features cotangent, ParameterGradient gradient) {
        parameters.accept(cotangent, gradient);
      }
    };
  }
}
