package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.Optional;

/** Passes every call on to a good network; a fault overrides one of them. */
class GoodNetwork implements DelegatingNetwork {
  private final Network good;

  GoodNetwork(Network good) {
    this.good = good;
  }

  Network good() {
    return good;
  }

  @Override
  public Network delegate() {
    return good;
  }

  @Override
  public Optional<String> change() {
    return Optional.empty();
  }

  /** What is done to every activation that a call returns. */
  Activation result(Activation y) {
    return y;
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
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return result(good.activation(values, images, shape));
  }

  @Override
  public Activation gather(List<Part> parts) {
    return result(good.gather(parts));
  }
}
