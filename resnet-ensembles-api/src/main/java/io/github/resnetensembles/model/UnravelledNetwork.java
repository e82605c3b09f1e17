package io.github.resnetensembles.model;

import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unravelled view, or the part of it that some paths make: equation (5) of the paper, evaluated
 * literally. Nothing is computed once and used twice. With P the paths that are left of those
 * arriving at block i, y_i(P) = post(a · s(y_{i-1}(P around i)) + b · f(y_{i-1}(P through i))); a
 * side that no path takes adds nothing.
 */
final class UnravelledNetwork {
  private final Network network;
  private final List<Wiring.Step> steps;
  private final float[] pixels;
  private final int images;
  private final Runnable check;
  private long stems;
  private long branches;

  /**
   * @param pixels normalised
   * @param check throws if the run was told to stop
   */
  UnravelledNetwork(Network network, Wiring wiring, float[] pixels, int images, Runnable check) {
    this.network = network;
    this.steps = wiring.steps();
    this.pixels = pixels;
    this.images = images;
    this.check = check;
  }

  /** The logits of the sub-network that is made of some paths, at least one. */
  double[] logits(List<ResidualPath> paths) {
    try (Activation y = output(steps.size(), paths)) {
      return network.head(y);
    }
  }

  /** How often the stem was run. */
  long stems() {
    return stems;
  }

  /** How many branches were computed. */
  long branches() {
    return branches;
  }

  private Activation output(int i, List<ResidualPath> paths) {
    check.run();
    if (i == 0) {
      stems++;
      return network.stem(pixels, images);
    }
    Wiring.Step step = steps.get(i - 1);
    List<ResidualPath> around = new ArrayList<>();
    List<ResidualPath> through = new ArrayList<>();
    for (ResidualPath path : paths) {
      (path.contains(step.block()) ? through : around).add(path);
    }
    @Nullable Activation branch = through.isEmpty() ? null : branch(step, i, through);
    try {
      if (around.isEmpty()) {
        return onBranchAlone(step, i, through, branch);
      }
      try (Activation x = output(i - 1, around)) {
        return branch == null
            ? network.step(step.block(), step.skipGain(), 0, x)
            : network.step(step.block(), step.skipGain(), step.branchGain(), x, branch);
      }
    } finally {
      if (branch != null) {
        branch.close();
      }
    }
  }

  private Activation branch(Wiring.Step step, int i, List<ResidualPath> through) {
    try (Activation x = output(i - 1, through)) {
      branches++;
      return network.branch(step.block(), x);
    }
  }

  /** The skip connection's gain is 0, so that its input does not matter: any of the right shape. */
  private Activation onBranchAlone(
      Wiring.Step step, int i, List<ResidualPath> through, @Nullable Activation branch) {
    if (branch == null) {
      throw new IllegalStateException("no path arrives at step " + i + " of " + through.size());
    }
    var shape = network.architecture().block(step.block()).input();
    try (Activation unused = network.activation(new double[images * shape.size()], images, shape)) {
      return network.step(step.block(), 0, step.branchGain(), unused, branch);
    }
  }
}
