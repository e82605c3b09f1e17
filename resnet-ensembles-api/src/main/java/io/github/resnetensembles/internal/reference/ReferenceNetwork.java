package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Immutable but for being closed, so any number of threads may run it. */
final class ReferenceNetwork implements Network {
  private final Weights weights;
  private final Architecture architecture;
  private final NetworkInfo info;
  private final int workers;
  private final Operation stem;
  private final List<BlockLayers> blocks;
  private final Operation head;
  private final LiteralForward literal;
  private volatile boolean closed;

  ReferenceNetwork(Weights weights, String engine, String device, int workers) {
    this.weights = weights;
    this.architecture = weights.architecture();
    this.workers = workers;
    this.info =
        new NetworkInfo(
            ReferenceBackend.NAME,
            engine,
            device,
            Precision.FLOAT64,
            weights.sha256(),
            weights.trained());
    Map<String, double[]> tensors = new HashMap<>();
    for (NamedTensor tensor : weights.tensors().values()) {
      tensors.put(tensor.name(), tensor.doubles());
    }
    LayerFactory factory = new LayerFactory(architecture, tensors);
    this.stem = factory.stem();
    this.blocks = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      blocks.add(new BlockLayers(factory.skip(block), factory.branch(block), factory.post(block)));
    }
    this.head = factory.head();
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

  @Override
  public Activation stem(float[] pixels, int images) {
    return new ReferenceActivation(stem.apply(pixels(pixels, images)));
  }

  Features pixels(float[] pixels, int images) {
    checkOpen();
    return Features.ofPixels(pixels, images, architecture.input().paddedShape());
  }

  Operation stemLayers() {
    return stem;
  }

  BlockLayers blockLayers(int block) {
    return blocks.get(block - 1);
  }

  Operation headLayers() {
    return head;
  }

  @Override
  public Activation step(int block, double skipGain, double branchGain, Activation input) {
    Block described = block(block);
    Arguments.checkGains(block, skipGain, branchGain);
    Features x = features("the input of block " + block, input, described.input());
    BlockLayers layers = blocks.get(block - 1);
    Features sum = Features.zeros(x.images(), described.sum());
    if (skipGain != 0) {
      addScaled(sum, skipGain, layers.skip().apply(x));
    }
    if (branchGain != 0) {
      addScaled(sum, branchGain, layers.branch().apply(x));
    }
    return new ReferenceActivation(layers.post().apply(sum));
  }

  @Override
  public Activation step(
      int block, double skipGain, double branchGain, Activation input, Activation branch) {
    Block described = block(block);
    Arguments.checkGains(block, skipGain, branchGain);
    Features x = features("the input of block " + block, input, described.input());
    FeatureShape sumShape = described.sum();
    Features b = features("the branch output given to block " + block, branch, sumShape);
    Arguments.checkBranchImages(block, x.images(), b.images());
    BlockLayers layers = blocks.get(block - 1);
    Features sum = Features.zeros(x.images(), sumShape);
    if (skipGain != 0) {
      addScaled(sum, skipGain, layers.skip().apply(x));
    }
    if (branchGain != 0) {
      addScaled(sum, branchGain, b);
    }
    return new ReferenceActivation(layers.post().apply(sum));
  }

  @Override
  public Activation branch(int block, Activation input) {
    Block described = block(block);
    Features x = features("the input of block " + block, input, described.input());
    return new ReferenceActivation(blocks.get(block - 1).branch().apply(x));
  }

  @Override
  public Activation skip(int block, Activation input) {
    Block described = block(block);
    Features x = features("the input of block " + block, input, described.input());
    return new ReferenceActivation(blocks.get(block - 1).skip().apply(x));
  }

  @Override
  public Activation post(int block, Activation sum) {
    Block described = block(block);
    Features x = features("the sum of block " + block, sum, described.sum());
    return new ReferenceActivation(blocks.get(block - 1).post().apply(x));
  }

  @Override
  public double[] head(Activation input) {
    checkOpen();
    Features x = features("the head's input", input, architecture.finalOutput());
    return head.apply(x).values();
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
    Arguments.checkLength("values", values.length, images, shape);
    return new ReferenceActivation(new Features(images, shape, values.clone()));
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public void close() {
    closed = true;
  }

  Block block(int number) {
    checkOpen();
    Arguments.checkBlock(architecture, number);
    return architecture.block(number);
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

  /** Adds gain · b to a; one image's worth of b serves every image of a. */
  static void addScaled(Features a, double gain, Features b) {
    double[] sum = a.values();
    int period = b.values().length;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gain * b.values()[i % period];
    }
  }

  /** The three functions of a block: y = post(skip(x) + branch(x)). */
  record BlockLayers(Operation skip, Operation branch, Operation post) {}
}
