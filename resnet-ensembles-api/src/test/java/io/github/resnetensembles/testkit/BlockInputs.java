package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.TrainingNetwork;
import java.util.Arrays;

/** What the calls on one block are given: an input x, a branch output b, a sum. */
final class BlockInputs {
  private final Block block;
  private final int images;
  private final double[] x;
  private final double[] b;
  private final double[] sum;

  private BlockInputs(Block block, int images, double[] x, double[] b, double[] sum) {
    this.block = block;
    this.images = images;
    this.x = x;
    this.b = b;
    this.sum = sum;
  }

  /** Draws values; the first images are the same whatever the number of images. */
  static BlockInputs random(Block block, int images, long seed) {
    FeatureShape inner = block.sum();
    return new BlockInputs(
        block,
        images,
        Values.random(seed, images * block.input().size()),
        Values.random(seed + 1, images * inner.size()),
        Values.random(seed + 2, images * inner.size()));
  }

  /** These inputs with one value of image 0 replaced, at the top left of channel 0. */
  BlockInputs withFirst(double value) {
    return new BlockInputs(block, images, first(x, value), first(b, value), first(sum, value));
  }

  /** These inputs with another x. */
  BlockInputs withX(double[] values) {
    return new BlockInputs(block, images, values.clone(), b, sum);
  }

  /** The first image of these, then others. */
  BlockInputs withNeighbours(BlockInputs others) {
    return new BlockInputs(
        block,
        1 + others.images,
        joined(x, images, others.x),
        joined(b, images, others.b),
        joined(sum, images, others.sum));
  }

  int block() {
    return block.number();
  }

  int images() {
    return images;
  }

  double[] xValues() {
    return x.clone();
  }

  double[] bValues() {
    return b.clone();
  }

  Activation x(Network network) {
    return network.activation(x.clone(), images, block.input());
  }

  Activation x(TrainingNetwork network) {
    return network.activation(x.clone(), images, block.input());
  }

  Activation b(Network network) {
    return network.activation(b.clone(), images, block.sum());
  }

  /** The branch output of image 0 alone. */
  Activation firstB(Network network) {
    return network.activation(Values.image(b, images, 0), 1, block.sum());
  }

  Activation sum(Network network) {
    return network.activation(sum.clone(), images, block.sum());
  }

  private static double[] first(double[] values, double value) {
    double[] changed = values.clone();
    changed[0] = value;
    return changed;
  }

  private static double[] joined(double[] values, int images, double[] others) {
    int size = values.length / images;
    double[] joined = Arrays.copyOf(values, size + others.length);
    System.arraycopy(others, 0, joined, size, others.length);
    return joined;
  }
}
