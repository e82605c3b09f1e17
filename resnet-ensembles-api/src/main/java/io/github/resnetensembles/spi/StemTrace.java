package io.github.resnetensembles.spi;

import java.util.List;
import java.util.Map;

/**
 * The stem, run forward.
 *
 * <p>Implemented by backends.
 */
public interface StemTrace extends AutoCloseable {
  /** {@return y_0; it is closed with this trace} */
  Activation output();

  /**
   * Pulls cotangents back to the pixels.
   *
   * @param cotangents shaped like y_0
   * @return one result for each, shaped like the normalised and padded pixels; the caller closes
   *     them
   */
  List<Activation> pullBack(List<Activation> cotangents);

  /**
   * The gradient of the stem's parameters.
   *
   * @param cotangent shaped like y_0
   * @return by tensor name, in the tensor's row-major order
   */
  Map<String, double[]> parameterGradient(Activation cotangent);

  @Override
  void close();
}
