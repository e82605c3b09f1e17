package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import java.util.List;

/**
 * The outputs y_0 … y_n of a batch, and its logits.
 *
 * <p>Implemented by this library alone.
 */
public interface Intermediates {
  /** {@return the number of images, N} */
  int images();

  /** {@return the shape of each output, y_0 first} */
  List<FeatureShape> shapes();

  /**
   * Returns one output.
   *
   * @param step 0 for the stem's output, i for the output of the wiring's i-th step
   * @return its values, laid out (N, C, H, W), a new array
   * @throws IndexOutOfBoundsException if there is no such step
   */
  double[] output(int step);

  /** {@return the logits, one array of C values for each image, new arrays} */
  double[][] logits();
}
