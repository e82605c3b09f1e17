package io.github.resnetensembles.spi;

import java.util.List;
import java.util.Map;

/**
 * One step, run forward, and the linear map that it is near its input. Any number of threads may
 * pull back at a time.
 *
 * <p>Implemented by backends.
 */
public interface StepTrace extends AutoCloseable {
  /** {@return y; it is closed with this trace} */
  Activation output();

  /**
   * Pulls cotangents back to the step's input, without any parameter gradient.
   *
   * @param cotangents any number
   * @return one result for each, shaped like the input; the caller closes them
   */
  List<Activation> pullBack(List<Cotangents> cotangents);

  /**
   * The gradient of the block's parameters: of those of the skip connection from the skip side's
   * cotangent, of those of the branch from the branch side's.
   *
   * @param cotangents what reaches the two sides
   * @return by tensor name, in the tensor's row-major order; zeros for a side without a cotangent
   */
  Map<String, double[]> parameterGradient(Cotangents cotangents);

  @Override
  void close();
}
