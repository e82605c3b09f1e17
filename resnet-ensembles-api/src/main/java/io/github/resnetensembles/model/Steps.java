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

  /** Sees the input of each step, counted from 1, in turn, and then the last step's output. */
  interface Visitor {
    void visit(int step, Activation y);
  }

  /** The logits, laid out (N, classes), of a wiring whose branches are all its own. */
  static double[] logits(
      Network network, Wiring wiring, float[] pixels, int images, Visitor visitor) {
    return logits(network, wiring, pixels, images, new BranchOutputs.Batch(), visitor);
  }

  /** The logits, laid out (N, classes), of a wiring with these branch outputs from elsewhere. */
  static double[] logits(
      Network network,
      Wiring wiring,
      float[] pixels,
      int images,
      BranchOutputs.Batch outputs,
      Visitor visitor) {
    Activation y = network.stem(pixels, images);
    try {
      for (int i = 1; i <= wiring.steps().size(); i++) {
        visitor.visit(i, y);
        Activation next = run(network, wiring.steps().get(i - 1), y, outputs);
        y.close();
        y = next;
      }
      visitor.visit(wiring.steps().size() + 1, y);
      return network.head(y);
    } finally {
      y.close();
    }
  }
}
