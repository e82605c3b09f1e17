package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.reference.ReferenceNetwork.BlockLayers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The chain rule on the reference network's layers. */
final class ReferenceDifferentiation implements Differentiation {
  private final ReferenceNetwork network;

  ReferenceDifferentiation(ReferenceNetwork network) {
    this.network = network;
  }

  @Override
  public StemTrace stem(float[] pixels, int images, BatchNormMode mode) {
    return new Stem(network.stemLayers().trace(network.pixels(pixels, images), mode));
  }

  @Override
  public StepTrace step(
      int block, double skipGain, double branchGain, Activation input, BatchNormMode mode) {
    Block described = network.block(block);
    Arguments.checkGains(block, skipGain, branchGain);
    Features x = ReferenceNetwork.features("the input of block " + block, input, described.input());
    BlockLayers layers = network.blockLayers(block);
    LayerTrace skip = layers.skip().trace(x, mode);
    LayerTrace branch = branchGain == 0 ? null : layers.branch().trace(x, mode);
    Features sum = Features.zeros(x.images(), described.sum());
    if (skipGain != 0) {
      ReferenceNetwork.addScaled(sum, skipGain, skip.output());
    }
    if (branch != null) {
      ReferenceNetwork.addScaled(sum, branchGain, branch.output());
    }
    return new Step(described, x.images(), skip, branch, layers.post().trace(sum, mode));
  }

  @Override
  public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
    network.checkOpen();
    Architecture architecture = network.architecture();
    Features x = ReferenceNetwork.features("the head's input", input, architecture.finalOutput());
    Arguments.checkLabels(labels, x.images(), architecture.head().classes());
    return new Head(network.headLayers().trace(x, mode), labels.clone());
  }

  @Override
  public double[] dots(Activation a, Activation b) {
    network.checkOpen();
    Features left = features("the first activation", a, b);
    Features right = features("the second activation", b, b);
    int size = left.shape().size();
    double[] dots = new double[left.images()];
    for (int i = 0; i < left.values().length; i++) {
      dots[i / size] += left.values()[i] * right.values()[i];
    }
    return dots;
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    network.checkOpen();
    return weightedSum(terms, weights);
  }

  static Activation weightedSum(List<Activation> terms, double[] weights) {
    if (terms.isEmpty() || terms.size() != weights.length) {
      throw new InvalidInputException(
          "a sum has at least one term and a weight for each, got "
              + terms.size()
              + " terms and "
              + weights.length
              + " weights");
    }
    Activation first = terms.get(0);
    Features sum = Features.zeros(first.images(), first.shape());
    for (int i = 0; i < weights.length; i++) {
      ReferenceNetwork.addScaled(sum, weights[i], features("a term", terms.get(i), first));
    }
    return new ReferenceActivation(sum);
  }

  /** The features of an activation that must be of the same size as another. */
  private static Features features(String what, Activation given, Activation like) {
    if (given.images() != like.images()) {
      throw new InvalidInputException(
          what + " must have " + like.images() + " images, got " + given.images());
    }
    return ReferenceNetwork.features(what, given, like.shape());
  }

  static Features cotangent(Activation given, int images, FeatureShape shape) {
    if (given.images() != images) {
      throw new InvalidInputException(
          "a cotangent must have " + images + " images, got " + given.images());
    }
    return ReferenceNetwork.features("a cotangent", given, shape);
  }

  /** What a trace holds, until it is closed. */
  private abstract class Trace {
    private final String name;
    private volatile boolean closed;

    Trace(String name) {
      this.name = name;
    }

    void checkUsable() {
      network.checkOpen();
      if (closed) {
        throw new IllegalStateException("the trace of " + name + " is used after its close");
      }
    }

    void markClosed() {
      closed = true;
    }
  }

  private final class Stem extends Trace implements StemTrace {
    private @Nullable LayerTrace layers;
    private final ReferenceActivation output;

    Stem(LayerTrace layers) {
      super("the stem");
      this.layers = layers;
      this.output = new ReferenceActivation(layers.output());
    }

    private LayerTrace layers() {
      checkUsable();
      return Objects.requireNonNull(layers);
    }

    @Override
    public Activation output() {
      checkUsable();
      return output;
    }

    @Override
    public List<Activation> pullBack(List<Activation> cotangents) {
      LayerTrace trace = layers();
      return cotangents.stream()
          .map(v -> cotangent(v, output.images(), output.shape()))
          .<Activation>map(v -> new ReferenceActivation(trace.pullBack(v)))
          .toList();
    }

    @Override
    public Map<String, double[]> parameterGradient(Activation cotangent) {
      ParameterGradient gradient = new ParameterGradient(network.architecture(), "stem.");
      layers().addGradient(cotangent(cotangent, output.images(), output.shape()), gradient);
      return gradient.values();
    }

    @Override
    public void close() {
      markClosed();
      layers = null;
      output.close();
    }
  }

  private final class Step extends Trace implements StepTrace {
    private final Block block;
    private final int images;
    private @Nullable Sides sides;
    private final ReferenceActivation output;

    Step(Block block, int images, LayerTrace skip, @Nullable LayerTrace branch, LayerTrace post) {
      super("block " + block.number());
      this.block = block;
      this.images = images;
      this.sides = new Sides(skip, branch, post);
      this.output = new ReferenceActivation(post.output());
    }

    private Sides sides() {
      checkUsable();
      return Objects.requireNonNull(sides);
    }

    @Override
    public Activation output() {
      checkUsable();
      return output;
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      Sides held = sides();
      return cotangents.stream().<Activation>map(pair -> pullBack(held, pair)).toList();
    }

    private Activation pullBack(Sides held, Cotangents pair) {
      Features result = Features.zeros(images, block.input());
      if (pair.skip() != null) {
        Features v = held.post.pullBack(cotangent(pair.skip(), images, block.output()));
        ReferenceNetwork.addScaled(result, pair.skipWeight(), held.skip.pullBack(v));
      }
      if (pair.branch() != null) {
        Features v = held.post.pullBack(cotangent(pair.branch(), images, block.output()));
        ReferenceNetwork.addScaled(result, pair.branchWeight(), branch(held).pullBack(v));
      }
      return new ReferenceActivation(result);
    }

    @Override
    public Map<String, double[]> parameterGradient(Cotangents pair) {
      Sides held = sides();
      ParameterGradient gradient =
          new ParameterGradient(network.architecture(), "blocks." + block.number() + ".");
      if (pair.skip() != null) {
        Features v = held.post.pullBack(cotangent(pair.skip(), images, block.output()));
        held.skip.addGradient(scaled(pair.skipWeight(), v), gradient);
      }
      if (pair.branch() != null) {
        Features v = held.post.pullBack(cotangent(pair.branch(), images, block.output()));
        branch(held).addGradient(scaled(pair.branchWeight(), v), gradient);
      }
      return gradient.values();
    }

    private LayerTrace branch(Sides held) {
      if (held.branch == null) {
        throw new InvalidInputException(
            "block "
                + block.number()
                + " was run with a branch gain of 0: nothing can be pulled back through its branch");
      }
      return held.branch;
    }

    @Override
    public void close() {
      markClosed();
      sides = null;
      output.close();
    }
  }

  private static Features scaled(double factor, Features features) {
    Features result = Features.zeros(features.images(), features.shape());
    ReferenceNetwork.addScaled(result, factor, features);
    return result;
  }

  /** A step's three functions, run forward. */
  private static final class Sides {
    final LayerTrace skip;
    final @Nullable LayerTrace branch;
    final LayerTrace post;

    Sides(LayerTrace skip, @Nullable LayerTrace branch, LayerTrace post) {
      this.skip = skip;
      this.branch = branch;
      this.post = post;
    }
  }

  private final class Head extends Trace implements HeadTrace {
    private @Nullable LayerTrace layers;
    private final double[] logits;
    private final Features toLogits;
    private final double loss;
    private final ReferenceActivation gradient;

    Head(LayerTrace layers, int[] labels) {
      super("the head");
      this.layers = layers;
      this.logits = layers.output().values();
      this.toLogits = Features.zeros(labels.length, layers.output().shape());
      this.loss = CrossEntropy.mean(logits, labels, 0, toLogits.values());
      this.gradient = new ReferenceActivation(layers.pullBack(toLogits));
    }

    @Override
    public double loss() {
      checkUsable();
      return loss;
    }

    @Override
    public double[] logits() {
      checkUsable();
      return logits.clone();
    }

    @Override
    public Activation gradient() {
      checkUsable();
      return gradient;
    }

    @Override
    public Map<String, double[]> parameterGradient() {
      checkUsable();
      ParameterGradient parameters = new ParameterGradient(network.architecture(), "head.");
      Objects.requireNonNull(layers).addGradient(toLogits, parameters);
      return parameters.values();
    }

    @Override
    public void close() {
      markClosed();
      layers = null;
      gradient.close();
    }
  }
}
