package io.github.resnetensembles.examples;

import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Network;
import java.util.Optional;

// region backends
/**
 * A network whose residual branches give one of 255 values: multiples of the image's largest
 * absolute value divided by 127. Because only f is changed, all rules of {@link Network} still
 * hold.
 */
record QuantisingNetwork(Network delegate) implements DelegatingNetwork {
  static final String CHANGE = "branches of 8 bits";
  private static final int LEVELS = 127;

  @Override
  public Optional<String> change() {
    return Optional.of(CHANGE);
  }

  /** Another backend's network with the same weights. */
  @Override
  public NetworkInfo info() {
    NetworkInfo info = delegate.info();
    return info.on(QuantisingBackend.NAME, info.engine() + ", " + CHANGE);
  }

  /** Half a level of the branch, which gains may double, beside a sum that is smaller. */
  @Override
  public double tolerance() {
    return 0.02;
  }

  @Override
  public Activation branch(int block, Activation input) {
    try (Activation exact = delegate.branch(block, input)) {
      int size = exact.shape().size();
      double[] values = exact.values();
      for (int image = 0; image < exact.images(); image++) {
        quantise(values, image * size, (image + 1) * size);
      }
      return delegate.activation(values, exact.images(), exact.shape());
    }
  }

  /** Every image has its own scale, so that its values do not depend on its neighbours. */
  private static void quantise(double[] values, int from, int to) {
    double largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double unit = largest / LEVELS;
    if (unit == 0 || !Double.isFinite(unit)) {
      return;
    }
    for (int i = from; i < to; i++) {
      values[i] = Math.rint(values[i] / unit) * unit;
    }
  }
}
// endregion
