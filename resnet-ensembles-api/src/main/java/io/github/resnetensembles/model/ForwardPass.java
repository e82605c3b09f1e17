package io.github.resnetensembles.model;

import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.List;

/**
 * One batch, run forward once: what every part's derivatives need, for as many sweeps as are made
 * over it.
 */
final class ForwardPass implements AutoCloseable {
  private final Differentiation derivatives;
  private final Wiring wiring;
  private final int images;
  private final StemTrace stem;
  private final List<StepTrace> steps = new ArrayList<>();
  private final HeadTrace head;

  ForwardPass(
      Differentiation derivatives,
      Wiring wiring,
      float[] pixels,
      int[] labels,
      BatchNormMode mode,
      Runnable check) {
    this.derivatives = derivatives;
    this.wiring = wiring;
    this.images = labels.length;
    this.stem = derivatives.stem(pixels, images, mode);
    try {
      Activation y = stem.output();
      for (Wiring.Step step : wiring.steps()) {
        check.run();
        StepTrace trace =
            derivatives.step(step.block(), step.skipGain(), step.branchGain(), y, mode);
        steps.add(trace);
        y = trace.output();
      }
      head = derivatives.head(y, labels, mode);
    } catch (RuntimeException | Error e) {
      closeBody();
      throw e;
    }
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

  /** Closes an activation that a sweep held, unless it is this pass's own. */
  @SuppressWarnings("ReferenceEquality") // The very activation is meant, not its values.
  void closeUnlessOwn(Activation activation) {
    if (activation != head.gradient()) {
      activation.close();
    }
  }

  /** A step, from 1; closed with this pass. */
  StepTrace trace(int step) {
    return steps.get(step - 1);
  }

  /** The stem; closed with this pass. */
  StemTrace stem() {
    return stem;
  }

  private void closeBody() {
    steps.forEach(StepTrace::close);
    stem.close();
  }

  @Override
  public void close() {
    head.close();
    closeBody();
  }
}
