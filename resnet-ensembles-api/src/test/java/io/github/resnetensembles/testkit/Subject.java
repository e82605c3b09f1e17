package io.github.resnetensembles.testkit;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.List;

/** One tiny network under test beside its twin on the reference backend. */
final class Subject implements AutoCloseable {
  private final Network network;
  private final Network twin;
  private final double tolerance;

  Subject(Network network, Network twin, double tolerance) {
    this.network = network;
    this.twin = twin;
    this.tolerance = tolerance;
  }

  Network network() {
    return network;
  }

  Network twin() {
    return twin;
  }

  /** Whether its arithmetic is coarser than its precision, as the network itself says. */
  boolean isInexact() {
    return network.tolerance() > network.info().precision().tolerance();
  }

  double tolerance() {
    return tolerance;
  }

  Architecture architecture() {
    return twin.architecture();
  }

  /** Inputs of every block for some images. */
  List<BlockInputs> inputs(int images, long seed) {
    return architecture().blocks().stream()
        .map(block -> BlockInputs.random(block, images, seed + 100L * block.number()))
        .toList();
  }

  float[] pixels(int images, long seed) {
    return Values.randomPixels(seed, images * architecture().input().paddedShape().size());
  }

  double[] finalFeatures(int images, long seed) {
    return Values.random(seed, images * architecture().finalOutput().size());
  }

  double[] stem(Network on, float[] pixels, int images) {
    try (Activation y = on.stem(pixels.clone(), images)) {
      return y.values();
    }
  }

  double[] head(Network on, double[] features, int images) {
    try (Activation y = on.activation(features, images, architecture().finalOutput())) {
      return on.head(y);
    }
  }

  /** The logits of the intact wiring, step by step. */
  double[] stepwise(Network on, float[] pixels, int images) {
    Activation y = on.stem(pixels.clone(), images);
    try {
      for (Wiring.Step step : Wiring.intact(architecture()).steps()) {
        Activation next = on.step(step.block(), step.skipGain(), step.branchGain(), y);
        y.close();
        y = next;
      }
      return on.head(y);
    } finally {
      y.close();
    }
  }

  @Override
  public void close() {
    network.close();
    twin.close();
  }
}
