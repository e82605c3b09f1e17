package io.github.resnetensembles.network;

import com.google.common.annotations.Beta;
import java.util.Map;

/**
 * Finds the running statistics of an untrained network by running it, where no formula gives them.
 * Weights are below what runs networks, so they look for the implementation with {@link
 * java.util.ServiceLoader}.
 *
 * <p>Implemented by this library alone.
 *
 * <p>May still change: how many images are run is a matter of time and exactness.
 */
@Beta
public interface UntrainedStatistics {
  /**
   * Runs one batch of the library's own images, each BatchNorm normalising with the batch's mean
   * and variance. The same arguments give the same statistics everywhere.
   *
   * @param architecture the network, not opaque
   * @param tensors what was drawn, by tensor name; running statistics are not looked at
   * @return mean and variance of what every BatchNorm is fed with, by tensor name
   */
  Map<String, double[]> of(Architecture architecture, Map<String, float[]> tensors);
}
