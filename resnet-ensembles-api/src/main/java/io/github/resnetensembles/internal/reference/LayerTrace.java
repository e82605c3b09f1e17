package io.github.resnetensembles.internal.reference;

/** One layer, run forward on one batch, and its vector-Jacobian products there. */
interface LayerTrace {
  Features output();

  /** The Jacobian transposed, times a cotangent shaped like the output. */
  Features pullBack(Features cotangent);

  /** Adds the gradient of the layer's parameters for a cotangent shaped like the output. */
  default void addGradient(Features cotangent, ParameterGradient gradient) {}
}
