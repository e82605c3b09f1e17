package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.List;

/** The derivatives of a network on this engine: arguments are checked, results handed out. */
final class EngineDifferentiation implements Differentiation {
  private final EngineNetwork network;
  private final Derivatives derivatives;

  EngineDifferentiation(EngineNetwork network, Derivatives derivatives) {
    this.network = network;
    this.derivatives = derivatives;
  }

  @Override
  public StemTrace stem(float[] pixels, int images, BatchNormMode mode) {
    Architecture architecture = network.architecture();
    return network.call(
        () -> {
          NDArray array = network.pixelArray(pixels, images);
          Derivatives.Forward forward = derivatives.stem(array, mode);
          FeatureShape input = architecture.input().paddedShape();
          TraceArrays arrays = new TraceArrays(network, "stem.", network.share(array), forward);
          return EngineTrace.ofStem(
              new EngineTrace(network, images, input, architecture.stemOutput(), arrays));
        });
  }

  @Override
  public StepTrace step(
      int number, double skipGain, double branchGain, Activation input, BatchNormMode mode) {
    return network.call(
        () -> {
          Block block = network.block(number);
          Arguments.checkGains(number, skipGain, branchGain);
          DjlActivation x = network.own("input", number, input, block.input());
          SharedArray shared = x.use();
          Derivatives.Forward forward;
          try {
            forward = derivatives.step(number, skipGain, branchGain, shared.array(), mode);
          } catch (RuntimeException e) {
            shared.release();
            throw e;
          }
          return new EngineTrace(
              network,
              x.images(),
              block.input(),
              block.output(),
              new TraceArrays(network, "blocks." + number + ".", shared, forward));
        });
  }

  @Override
  public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
    return network.call(
        () -> {
          FeatureShape shape = network.architecture().finalOutput();
          DjlActivation y = network.own("head's input", 0, input, shape);
          int classes = network.architecture().head().classes();
          Arguments.checkLabels(labels, y.images(), classes);
          SharedArray shared = y.use();
          try {
            Derivatives.Forward forward = derivatives.head(shared.array(), mode);
            double[] logits = network.tensors().read(forward.output());
            CrossEntropy loss = CrossEntropy.of(logits, labels, classes);
            NDArray atLogits = network.tensors().of(loss.gradient(), y.images(), classes);
            NDArray gradient = forward.pullBack(Pulls.ofBranch(atLogits)).get(0);
            shared.retain();
            return new EngineHeadTrace(
                network,
                loss.mean(),
                logits,
                network.activation(gradient, y.images(), shape),
                new TraceArrays(network, "head.", shared, forward),
                network.share(atLogits));
          } finally {
            shared.release();
          }
        });
  }

  @Override
  public double[] dots(Activation a, Activation b) {
    return network.call(
        () -> {
          DjlActivation first = network.own("first factor", 0, a, a.shape());
          DjlActivation second = network.own("second factor", 0, b, a.shape());
          Arguments.checkImages(second.images(), first.images());
          return EngineNetwork.usingAll(
              List.of(first, second),
              arrays -> network.arithmetic().dots(arrays.get(0), arrays.get(1)));
        });
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    return network.sum(terms, weights);
  }
}
