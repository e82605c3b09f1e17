package io.github.resnetensembles.examples;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;

/**
 * A network whose residual branches give one of 255 values: multiples of the image's largest
 * absolute value divided by 127. Because only f is changed, all rules of {@link Network} still
 * hold.
 */
final class QuantisingNetwork implements Network {
  private static final int LEVELS = 127;

  private final Network network;
  private final String engine;

  QuantisingNetwork(Network network, String engine) {
    this.network = network;
    this.engine = engine;
  }

  @Override
  public Architecture architecture() {
    return network.architecture();
  }

  @Override
  public NetworkInfo info() {
    NetworkInfo info = network.info();
    return new NetworkInfo(
        QuantisingBackend.NAME,
        engine,
        info.device(),
        info.precision(),
        info.weightsSha256(),
        info.trained());
  }

  @Override
  public Activation branch(int block, Activation input) {
    try (Activation exact = network.branch(block, input)) {
      int size = exact.shape().size();
      double[] values = exact.values();
      for (int image = 0; image < exact.images(); image++) {
        quantise(values, image * size, (image + 1) * size);
      }
      return network.activation(values, exact.images(), exact.shape());
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

  @Override
  public Activation step(int block, double skipGain, double branchGain, Activation input) {
    if (branchGain == 0) {
      return network.step(block, skipGain, 0, input);
    }
    try (Activation branch = branch(block, input)) {
      return network.step(block, skipGain, branchGain, input, branch);
    }
  }

  @Override
  public Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    return network.step(block, skipGain, branchGain, input, branch);
  }

  @Override
  public double[] logits(float[] pixels, int images) {
    Activation features = network.stem(pixels, images);
    try {
      for (Wiring.Step step : Wiring.intact(architecture()).steps()) {
        Activation next = step(step.block(), step.skipGain(), step.branchGain(), features);
        features.close();
        features = next;
      }
      return network.head(features);
    } finally {
      features.close();
    }
  }

  @Override
  public Activation stem(float[] pixels, int images) {
    return network.stem(pixels, images);
  }

  @Override
  public Activation skip(int block, Activation input) {
    return network.skip(block, input);
  }

  @Override
  public Activation post(int block, Activation sum) {
    return network.post(block, sum);
  }

  @Override
  public double[] head(Activation input) {
    return network.head(input);
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return network.activation(values, images, shape);
  }

  @Override
  public int workers() {
    return network.workers();
  }

  @Override
  public void close() {
    network.close();
  }
}
