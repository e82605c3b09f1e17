package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.reference.LayerFactory.NetworkLayers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Immutable but for being closed, so any number of threads may run it. */
final class ReferenceNetwork implements Network {
  private final Weights weights;
  private final Architecture architecture;
  private final NetworkInfo info;
  private final int workers;
  private final NetworkLayers layers;
  private final LiteralForward literal;
  private volatile boolean closed;

  ReferenceNetwork(Weights weights, NetworkInfo info, int workers) {
    this.weights = weights;
    this.architecture = weights.architecture();
    this.workers = workers;
    this.info = info;
    Map<String, double[]> tensors = new HashMap<>();
    weights.tensors().forEach((name, tensor) -> tensors.put(name, tensor.doubles()));
    this.layers = new LayerFactory(architecture, tensors).network();
    this.literal = new LiteralForward(architecture, tensors);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  public NetworkInfo info() {
    return info;
  }

  @Override
  public Optional<Differentiation> differentiation() {
    return Optional.of(new ReferenceDifferentiation(this));
  }

  NetworkLayers layers() {
    return layers;
  }

  @Override
  public Activation stem(float[] pixels, int images) {
    return new ReferenceActivation(layers.stem().apply(pixels(pixels, images)));
  }

  Features pixels(float[] pixels, int images) {
    checkOpen();
    return Features.ofPixels(pixels, images, architecture.input().paddedShape());
  }

  @Override
  public Activation step(int block, double skipGain, double branchGain, Activation input) {
    Features x = input(block, input);
    Arguments.checkGains(block, skipGain, branchGain);
    return step(block, skipGain, branchGain, x, () -> layers.block(block).branch().apply(x));
  }

  @Override
  public Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    Features x = input(block, input);
    Arguments.checkGains(block, skipGain, branchGain);
    FeatureShape shape = architecture.block(block).sum();
    Features b = features("the branch output of block " + block, branch, shape);
    Arguments.checkBranchImages(block, x.images(), b.images());
    return step(block, skipGain, branchGain, x, () -> b);
  }

  private Activation step(
      int block, double skipGain, double branchGain, Features x, Supplier<Features> branch) {
    Features sum = Features.zeros(x.images(), architecture.block(block).sum());
    if (skipGain != 0) {
      sum.addScaled(skipGain, layers.block(block).skip().apply(x));
    }
    if (branchGain != 0) {
      sum.addScaled(branchGain, branch.get());
    }
    return new ReferenceActivation(layers.block(block).post().apply(sum));
  }

  @Override
  public Activation branch(int block, Activation input) {
    Features x = input(block, input);
    return new ReferenceActivation(layers.block(block).branch().apply(x));
  }

  @Override
  public Activation skip(int block, Activation input) {
    Features x = input(block, input);
    return new ReferenceActivation(layers.block(block).skip().apply(x));
  }

  @Override
  public Activation post(int block, Activation sum) {
    Features x = features("the sum of block " + block, sum, block(block).sum());
    return new ReferenceActivation(layers.block(block).post().apply(x));
  }

  @Override
  public double[] head(Activation input) {
    checkOpen();
    Features x = features("the head's input", input, architecture.finalOutput());
    return layers.head().apply(x).values();
  }

  @Override
  public double[] logits(float[] pixels, int images) {
    checkOpen();
    Arguments.checkLength("pixels", pixels.length, images, architecture.input().paddedShape());
    return literal.logits(pixels, images);
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    checkOpen();
    return ReferenceActivation.of(values, images, shape);
  }

  @Override
  public Activation gather(List<Part> parts) {
    checkOpen();
    FeatureShape shape = Arguments.checkParts(parts);
    int size = shape.size();
    Features all = Features.zeros(parts.stream().mapToInt(Part::count).sum(), shape);
    int end = 0;
    for (Part part : parts) {
      double[] values = features("a part", part.of(), shape).values();
      System.arraycopy(values, part.from() * size, all.values(), end, part.count() * size);
      end += part.count() * size;
    }
    return new ReferenceActivation(all);
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public void close() {
    closed = true;
  }

  private Block block(int number) {
    checkOpen();
    return Arguments.block(architecture, number);
  }

  /** The input of a block of this network. */
  Features input(int block, Activation given) {
    return features("the input of block " + block, given, block(block).input());
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the network " + architecture.name() + " is closed: open it again to use it");
    }
  }

  static Features features(String what, Activation given, FeatureShape expected) {
    Arguments.checkShape(what, given.shape(), expected);
    return given instanceof ReferenceActivation own
        ? own.features()
        : new Features(given.images(), given.shape(), given.values());
  }
}
