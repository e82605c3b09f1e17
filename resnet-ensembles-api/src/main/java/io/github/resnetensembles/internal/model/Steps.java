package io.github.resnetensembles.internal.model;

import io.github.resnetensembles.BranchSource;
import io.github.resnetensembles.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;

/** Runs one step of a wiring. */
final class Steps {
  private Steps() {}

  static Activation run(Network network, Step step, Activation y, BranchOutputs.Batch outputs) {
    return step.branchGain() == 0 || step.source() instanceof BranchSource.Own
        ? network.step(step.block(), step.skipGain(), step.branchGain(), y)
        : network.step(step.block(), step.skipGain(), step.branchGain(), y, outputs.of(step));
  }
}
