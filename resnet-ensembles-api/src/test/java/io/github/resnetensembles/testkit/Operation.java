package io.github.resnetensembles.testkit;

import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.List;

/** A call on one block, so that a rule can be checked for all of them. */
record Operation(String text, Call call) {
  /**
   * Runs a block on an input x, a given branch output b, or a sum: each call takes what it needs.
   */
  @FunctionalInterface
  interface Call {
    Activation run(Network network, int block, Activation x, Activation b, Activation sum);
  }

  static List<Operation> all() {
    return List.of(
        step(1, 1),
        step(0.5, -2),
        step(1, 0),
        step(0, 1),
        stepGiven(0.5, 2),
        stepGiven(1, 0),
        stepGiven(0, 1),
        new Operation("branch", (network, block, x, b, sum) -> network.branch(block, x)),
        new Operation("skip", (network, block, x, b, sum) -> network.skip(block, x)),
        new Operation("post", (network, block, x, b, sum) -> network.post(block, sum)));
  }

  static Operation step(double skipGain, double branchGain) {
    return new Operation(
        "step with skip gain " + skipGain + " and branch gain " + branchGain,
        (network, block, x, b, sum) -> network.step(block, skipGain, branchGain, x));
  }

  static Operation stepGiven(double skipGain, double branchGain) {
    return new Operation(
        "step with skip gain "
            + skipGain
            + " and branch gain "
            + branchGain
            + " and a given branch output",
        (network, block, x, b, sum) -> network.step(block, skipGain, branchGain, x, b));
  }

  /** Brings the inputs into a network, runs this, and closes all. */
  double[] values(Network network, BlockInputs inputs) {
    try (Activation x = inputs.x(network);
        Activation b = inputs.b(network);
        Activation sum = inputs.sum(network);
        Activation result = call.run(network, inputs.block(), x, b, sum)) {
      return result.values();
    }
  }
}
