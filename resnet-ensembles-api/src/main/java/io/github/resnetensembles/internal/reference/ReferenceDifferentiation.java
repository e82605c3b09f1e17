package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.reference.LayerFactory.StepLayers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chain rule on the reference network's layers. */
final class ReferenceDifferentiation implements Differentiation {
  private final ReferenceNetwork network;

  ReferenceDifferentiation(ReferenceNetwork network) {
    this.network = network;
  }

  @Override
  public StemTrace stem(float[] pixels, int images, BatchNormMode mode) {
    return new Stem(network.layers().stem().trace(network.pixels(pixels, images), mode));
  }

  @Override
  public StepTrace step(
      int block, double skipGain, double branchGain, Activation input, BatchNormMode mode) {
    Features x = network.input(block, input);
    Arguments.checkGains(block, skipGain, branchGain);
    Block described = network.architecture().block(block);
    StepLayers layers = network.layers().block(block);
    LayerTrace skip = layers.skip().trace(x, mode);
    LayerTrace branch = branchGain == 0 ? null : layers.branch().trace(x, mode);
    Features sum = Features.zeros(x.images(), described.sum());
    if (skipGain != 0) {
      sum.addScaled(skipGain, skip.output());
    }
    if (branch != null) {
      sum.addScaled(branchGain, branch.output());
    }
    return new Step(described, new Sides(skip, branch, layers.post().trace(sum, mode)));
  }

  @Override
  public HeadTrace head(Activation input, int[] labels, BatchNormMode mode) {
    network.checkOpen();
    Architecture architecture = network.architecture();
    Features x = ReferenceNetwork.features("the head's input", input, architecture.finalOutput());
    Arguments.checkLabels(labels, x.images(), architecture.head().classes());
    LayerTrace trace = network.layers().head().trace(x, mode);
    return new Head(trace, CrossEntropy.of(trace.output(), labels, 0));
  }

  @Override
  public double[] dots(Activation a, Activation b) {
    network.checkOpen();
    int images = b.images();
    Features left = ReferenceActivation.features("the first factor", a, images, b.shape());
    Features right = ReferenceActivation.features("the second factor", b, images, b.shape());
    int size = left.shape().size();
    double[] dots = new double[images];
    for (int i = 0; i < left.values().length; i++) {
      dots[i / size] += left.values()[i] * right.values()[i];
    }
    return dots;
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    network.checkOpen();
    return ReferenceActivation.sum(terms, weights);
  }

  /** What a trace holds, until it is closed. */
  private abstract class Trace<T> implements AutoCloseable {
    private final String name;
    private final ReferenceActivation result;
    private volatile @Nullable T held;

    /**
     * Creates a trace.
     *
     * @param result closed with this trace
     */
    Trace(String name, T held, Features result) {
      this.name = name;
      this.held = held;
      this.result = new ReferenceActivation(result);
    }

    T held() {
      network.checkOpen();
      T now = held;
      if (now == null) {
        throw new IllegalStateException("the trace of " + name + " is used after its close");
      }
      return now;
    }

    Activation result() {
      T unused = held();
      return result;
    }

    Features cotangent(Activation given) {
      return ReferenceActivation.features("the cotangent", given, result.images(), result.shape());
    }

    ParameterGradient gradient(String prefix) {
      return new ParameterGradient(network.architecture(), prefix);
    }

    @Override
    public void close() {
      held = null;
      result.close();
    }
  }

  private final class Stem extends Trace<LayerTrace> implements StemTrace {
    Stem(LayerTrace layers) {
      super("the stem", layers, layers.output());
    }

    @Override
    public Activation output() {
      return result();
    }

    @Override
    public List<Activation> pullBack(List<Activation> cotangents) {
      LayerTrace layers = held();
      return cotangents.stream()
          .<Activation>map(v -> new ReferenceActivation(layers.pullBack(cotangent(v))))
          .toList();
    }

    @Override
    public Map<String, double[]> parameterGradient(Activation cotangent) {
      ParameterGradient gradient = gradient("stem.");
      held().addGradient(cotangent(cotangent), gradient);
      return gradient.values();
    }
  }

  /** A step's three functions, run forward. */
  private record Sides(LayerTrace skip, @Nullable LayerTrace branch, LayerTrace post) {}

  private final class Step extends Trace<Sides> implements StepTrace {
    private final Block block;

    Step(Block block, Sides sides) {
      super("block " + block.number(), sides, sides.post().output());
      this.block = block;
    }

    @Override
    public Activation output() {
      return result();
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      Sides sides = held();
      return cotangents.stream().map(pair -> pullBack(sides, pair)).toList();
    }

    private Activation pullBack(Sides sides, Cotangents pair) {
      Features result = Features.zeros(output().images(), block.input());
      forEachSide(sides, pair, (side, weight, v) -> result.addScaled(weight, side.pullBack(v)));
      return new ReferenceActivation(result);
    }

    @Override
    public Map<String, double[]> parameterGradient(Cotangents pair) {
      ParameterGradient gradient = gradient("blocks." + block.number() + ".");
      forEachSide(
          held(),
          pair,
          (side, weight, v) -> side.addGradient(v.like(i -> weight * v.values()[i]), gradient));
      return gradient.values();
    }

    /** Takes the cotangents through post, each to its side. */
    private void forEachSide(Sides sides, Cotangents pair, Pull pull) {
      if (pair.skip() != null) {
        Features v = sides.post().pullBack(cotangent(pair.skip()));
        pull.through(sides.skip(), pair.skipWeight(), v);
      }
      if (pair.branch() != null) {
        if (sides.branch() == null) {
          throw new InvalidInputException(
              "a branch cotangent for a step whose branch gain is 0: its branch was not run");
        }
        Features v = sides.post().pullBack(cotangent(pair.branch()));
        pull.through(sides.branch(), pair.branchWeight(), v);
      }
    }
  }

  private interface Pull {
    void through(LayerTrace side, double weight, Features cotangent);
  }

  private final class Head extends Trace<LayerTrace> implements HeadTrace {
    private final CrossEntropy loss;

    Head(LayerTrace layers, CrossEntropy loss) {
      super("the head", layers, layers.pullBack(loss.gradient()));
      this.loss = loss;
    }

    @Override
    public double loss() {
      LayerTrace unused = held();
      return loss.mean();
    }

    @Override
    public double[] logits() {
      return held().output().values().clone();
    }

    @Override
    public Activation gradient() {
      return result();
    }

    @Override
    public Map<String, double[]> parameterGradient() {
      ParameterGradient gradient = gradient("head.");
      held().addGradient(loss.gradient(), gradient);
      return gradient.values();
    }
  }
}
