package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;

/** Passes every call on to a good network; a fault overrides one of them. */
class DelegatingNetwork implements Network {
  private final Network good;

  DelegatingNetwork(Network good) {
    this.good = good;
  }

  Network good() {
    return good;
  }

  /** What is done to every activation that a call returns. */
  Activation result(Activation y) {
    return y;
  }

  @Override
  public Architecture architecture() {
    return good.architecture();
  }

  @Override
  public NetworkInfo info() {
    return good.info();
  }

  @Override
  public Activation stem(float[] pixels, int images) {
    return result(good.stem(pixels, images));
  }

  @Override
  public Activation step(int block, double skipGain, double branchGain, Activation input) {
    return result(good.step(block, skipGain, branchGain, input));
  }

  @Override
  public Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    return result(good.step(block, skipGain, branchGain, input, branch));
  }

  @Override
  public Activation branch(int block, Activation input) {
    return result(good.branch(block, input));
  }

  @Override
  public Activation skip(int block, Activation input) {
    return result(good.skip(block, input));
  }

  @Override
  public Activation post(int block, Activation sum) {
    return result(good.post(block, sum));
  }

  @Override
  public double[] head(Activation input) {
    return good.head(input);
  }

  @Override
  public double[] logits(float[] pixels, int images) {
    return good.logits(pixels, images);
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return result(good.activation(values, images, shape));
  }

  @Override
  public int workers() {
    return good.workers();
  }

  @Override
  public void close() {
    good.close();
  }
}
