package io.github.resnetensembles.spi;

import java.util.Map;

/**
 * The head and the loss, run forward.
 *
 * <p>Implemented by backends.
 */
public interface HeadTrace extends AutoCloseable {
  /** {@return the mean cross-entropy over the batch, in nats} */
  double loss();

  /** {@return the logits, laid out (N, classes); a new array} */
  double[] logits();

  /** {@return the gradient of the loss at y_n; it is closed with this trace} */
  Activation gradient();

  /** {@return the gradient of the head's parameters, by tensor name, in row-major order} */
  Map<String, double[]> parameterGradient();

  @Override
  void close();
}
