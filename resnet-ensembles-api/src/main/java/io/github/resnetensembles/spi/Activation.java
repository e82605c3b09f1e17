package io.github.resnetensembles.spi;

import io.github.resnetensembles.FeatureShape;

/**
 * The features of a batch inside an engine. Not changed by any call; closed by whoever holds it.
 *
 * <p>Implemented by backends.
 */
public interface Activation extends AutoCloseable {
  /** {@return the number of images, N} */
  int images();

  /** {@return the shape of one image's features} */
  FeatureShape shape();

  /** {@return the values, laid out (N, C, H, W) whatever the engine's own layout; a new array} */
  double[] values();

  /** Frees the memory. Later calls do nothing. */
  @Override
  void close();
}
