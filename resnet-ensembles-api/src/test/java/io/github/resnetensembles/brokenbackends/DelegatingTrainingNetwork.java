package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import java.util.List;
import java.util.Map;

/** A good training network, but for what a fault overrides. */
class DelegatingTrainingNetwork implements TrainingNetwork {
  private final TrainingNetwork good;

  DelegatingTrainingNetwork(TrainingNetwork good) {
    this.good = good;
  }

  TrainingNetwork good() {
    return good;
  }

  @Override
  public Architecture architecture() {
    return good.architecture();
  }

  @Override
  public Network.NetworkInfo info() {
    return good.info();
  }

  @Override
  public StemPass stem(float[] pixels, int images) {
    return good.stem(pixels, images);
  }

  @Override
  public StepPass step(int block, double[] skipGains, double[] branchGains, Activation input) {
    return good.step(block, skipGains, branchGains, input);
  }

  @Override
  public HeadPass head(Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
    return good.head(input, labels, labelSmoothing, dropout);
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return good.activation(values, images, shape);
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    return good.sum(terms, weights);
  }

  @Override
  public void apply(ParameterUpdate update) {
    good.apply(update);
  }

  @Override
  public Map<String, double[]> gradients() {
    return good.gradients();
  }

  @Override
  public Map<String, double[]> tensors() {
    return good.tensors();
  }

  @Override
  public OptimizerState optimizerState() {
    return good.optimizerState();
  }

  @Override
  public void restore(OptimizerState state) {
    good.restore(state);
  }

  @Override
  public void close() {
    good.close();
  }
}
