package io.github.resnetensembles.model;

import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;

/** Runs the steps of a wiring. */
final class Steps {
  private Steps() {}

  static Activation run(Network network, Step step, Activation y, BranchOutputs.Batch outputs) {
    return step.replacesBranch()
        ? outputs.run(network, step, y)
        : network.step(step.block(), step.skipGain(), step.branchGain(), y);
  }

  /** The logits, laid out (N, classes), of a wiring whose branches are all its own. */
  static double[] logits(
      Network network, Wiring wiring, float[] pixels, int images, Runnable check) {
    Activation y = network.stem(pixels, images);
    try (BranchOutputs.Batch none = BranchOutputs.Batch.none()) {
      for (Step step : wiring.steps()) {
        check.run();
        Activation next = run(network, step, y, none);
        y.close();
        y = next;
      }
      return network.head(y);
    } finally {
      y.close();
    }
  }
}
