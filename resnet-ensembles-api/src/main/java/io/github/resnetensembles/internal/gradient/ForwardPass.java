package io.github.resnetensembles.internal.gradient;

import io.github.resnetensembles.BatchNormMode;
import io.github.resnetensembles.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.List;

/**
 * One batch, run forward: the input of every step and the gradient of the loss at the last output.
 * A step's derivatives are taken when a sweep comes to it, so that one step's at a time are in
 * memory.
 */
final class ForwardPass implements AutoCloseable {
  private final Differentiation derivatives;
  private final Wiring wiring;
  private final float[] pixels;
  private final int images;
  private final BatchNormMode mode;

  /** y_0 to the input of the last step. */
  private final List<Activation> inputs = new ArrayList<>();

  private final HeadTrace head;

  ForwardPass(
      Network network,
      Differentiation derivatives,
      Wiring wiring,
      float[] pixels,
      int[] labels,
      BatchNormMode mode,
      Runnable check) {
    this.derivatives = derivatives;
    this.wiring = wiring;
    this.pixels = pixels;
    this.images = labels.length;
    this.mode = mode;
    Activation y = null;
    try {
      y = stemOutput(network);
      for (Wiring.Step step : wiring.steps()) {
        check.run();
        inputs.add(y);
        y = output(network, step, y);
      }
      head = derivatives.head(y, labels, mode);
    } catch (RuntimeException | Error e) {
      inputs.forEach(Activation::close);
      throw e;
    } finally {
      if (y != null) {
        y.close();
      }
    }
  }

  private Activation stemOutput(Network network) {
    if (mode == BatchNormMode.EVAL) {
      return network.stem(pixels, images);
    }
    try (StemTrace trace = stem()) {
      return copy(trace.output());
    }
  }

  private Activation output(Network network, Wiring.Step step, Activation y) {
    if (mode == BatchNormMode.EVAL) {
      return network.step(step.block(), step.skipGain(), step.branchGain(), y);
    }
    try (StepTrace trace =
        derivatives.step(step.block(), step.skipGain(), step.branchGain(), y, mode)) {
      return copy(trace.output());
    }
  }

  private Activation copy(Activation y) {
    return derivatives.sum(List.of(y), new double[] {1});
  }

  Differentiation derivatives() {
    return derivatives;
  }

  List<Wiring.Step> steps() {
    return wiring.steps();
  }

  int images() {
    return images;
  }

  double loss() {
    return head.loss();
  }

  /** The gradient at the last output; closed with this pass. */
  Activation gradient() {
    return head.gradient();
  }

  /** Runs a step again, at its input; the caller closes it. */
  StepTrace trace(int step) {
    Wiring.Step of = wiring.steps().get(step - 1);
    return derivatives.step(of.block(), of.skipGain(), of.branchGain(), inputs.get(step - 1), mode);
  }

  /** Runs the stem again; the caller closes it. */
  StemTrace stem() {
    return derivatives.stem(pixels, images, mode);
  }

  @Override
  public void close() {
    inputs.forEach(Activation::close);
    head.close();
  }
}
