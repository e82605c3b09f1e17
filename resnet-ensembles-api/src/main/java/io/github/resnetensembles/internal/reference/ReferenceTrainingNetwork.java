package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.reference.LayerFactory.NetworkLayers;
import io.github.resnetensembles.internal.reference.LayerFactory.StepLayers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Layers on arrays that this network owns and that {@link #apply} writes to. */
final class ReferenceTrainingNetwork implements TrainingNetwork {
  private final Architecture architecture;
  private final Network.NetworkInfo info;
  private final BatchNormMode mode;
  private final double batchNormMomentum;
  private final Map<String, double[]> tensors = new LinkedHashMap<>();
  private final OptimizerMemory memory;
  private final LayerFactory factory;
  private final NetworkLayers layers;
  private ParameterGradient gradient;
  private long updates;
  private boolean closed;

  ReferenceTrainingNetwork(Weights weights, Network.NetworkInfo info, TrainingOptions options) {
    architecture = weights.architecture();
    this.info = info;
    mode = options.batchNorm();
    batchNormMomentum = options.batchNormMomentum();
    weights.tensors().forEach((name, tensor) -> tensors.put(name, tensor.doubles()));
    factory = new LayerFactory(architecture, tensors);
    layers = factory.network();
    gradient = new ParameterGradient(architecture, "");
    memory = new OptimizerMemory(architecture);
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Network.NetworkInfo info() {
    return info;
  }

  @Override
  public StemPass stem(float[] pixels, int images) {
    checkOpen();
    Features x = Features.ofPixels(pixels, images, architecture.input().paddedShape());
    return new Stem(updated(new HashSet<>(), layers.stem().trace(x, mode)));
  }

  @Override
  public StepPass step(int block, double[] skipGains, double[] branchGains, Activation input) {
    checkOpen();
    Block described = Arguments.block(architecture, block);
    Features x = ReferenceNetwork.features("the input of block " + block, input, described.input());
    Arguments.checkGains("skip", block, skipGains, x.images());
    Arguments.checkGains("branch", block, branchGains, x.images());
    StepLayers step = layers.block(block);
    // Both sides may begin with the same BatchNorm, whose statistics move once.
    Set<String> seen = new HashSet<>();
    Side skip = side(step.skip(), skipGains, x, seen);
    Side branch = side(step.branch(), branchGains, x, seen);
    Features sum = Features.zeros(x.images(), described.sum());
    for (Side side : List.of(skip, branch)) {
      if (side.trace() != null) {
        sum.addScaled(1, side.weighted(1, side.trace().output()));
      }
    }
    return new Step(described, skip, branch, step.post().trace(sum, mode));
  }

  private Side side(Operation side, double[] gains, Features x, Set<String> seen) {
    boolean computed = Arrays.stream(gains).anyMatch(gain -> gain != 0);
    return new Side(gains.clone(), computed ? updated(seen, side.trace(x, mode)) : null);
  }

  private LayerTrace updated(Set<String> seen, LayerTrace trace) {
    if (mode == BatchNormMode.TRAIN) {
      trace.updateStatistics(batchNormMomentum, seen);
    }
    return trace;
  }

  @Override
  public HeadPass head(Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
    checkOpen();
    Features x = ReferenceNetwork.features("the head's input", input, architecture.finalOutput());
    Arguments.checkLabels(labels, x.images(), architecture.head().classes());
    Arguments.checkSmoothing(labelSmoothing);
    Arguments.checkDropout(architecture, dropout, x.images());
    LayerTrace trace = updated(new HashSet<>(), factory.head(dropout).trace(x, mode));
    return new Head(trace, CrossEntropy.of(trace.output(), labels, labelSmoothing));
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    checkOpen();
    return ReferenceActivation.of(values, images, shape);
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    checkOpen();
    return ReferenceActivation.sum(terms, weights);
  }

  @Override
  public void apply(ParameterUpdate update) {
    checkOpen();
    for (int block : update.restingBlocks()) {
      Block unused = Arguments.block(architecture, block);
    }
    memory.apply(update, tensors, gradient.values());
    gradient = new ParameterGradient(architecture, "");
    updates++;
  }

  @Override
  public Map<String, double[]> gradients() {
    return copy(gradient.values());
  }

  @Override
  public Map<String, double[]> tensors() {
    return copy(tensors);
  }

  private Map<String, double[]> copy(Map<String, double[]> arrays) {
    checkOpen();
    Map<String, double[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  @Override
  public OptimizerState optimizerState() {
    checkOpen();
    return memory.state();
  }

  @Override
  public void restore(OptimizerState state) {
    checkOpen();
    Arguments.checkState(architecture, state);
    memory.restore(state);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the training network " + architecture.name() + " is closed: create it again to use it");
    }
  }

  /** One summand of a step: its gains, and its trace if any gain is not 0. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Side(double[] gains, @Nullable LayerTrace trace) {
    /** A number and the gains times some features. */
    Features weighted(double factor, Features features) {
      int size = features.shape().size();
      return features.like(
          i -> factor * gains[gains.length == 1 ? 0 : i / size] * features.values()[i]);
    }
  }

  /** What a pass holds until it is closed. */
  private abstract class Pass implements AutoCloseable {
    private final String name;
    private final LayerTrace trace;
    private final ReferenceActivation output;
    private final long updatesBefore = updates;
    private boolean passClosed;

    Pass(String name, LayerTrace trace) {
      this.name = name;
      this.trace = trace;
      this.output = new ReferenceActivation(trace.output());
    }

    LayerTrace trace() {
      checkOpen();
      if (passClosed) {
        throw new IllegalStateException("the pass through " + name + " is used after its close");
      }
      if (updates != updatesBefore) {
        throw new IllegalStateException(
            "the pass through " + name + " is used after an update changed its parameters");
      }
      return trace;
    }

    @SuppressWarnings("EffectivelyPrivate") // That of a stem's and of a step's pass.
    public Activation output() {
      LayerTrace unused = trace();
      return output;
    }

    Features cotangent(Activation given) {
      return ReferenceActivation.features("the cotangent", given, output.images(), output.shape());
    }

    @Override
    public void close() {
      passClosed = true;
      output.close();
    }
  }

  private final class Stem extends Pass implements StemPass {
    Stem(LayerTrace trace) {
      super("the stem", trace);
    }

    @Override
    public void backward(Activation cotangent) {
      trace().addGradient(cotangent(cotangent), gradient);
    }
  }

  /** Its trace is that of post. */
  private final class Step extends Pass implements StepPass {
    private final Block block;
    private final Side skip;
    private final Side branch;

    Step(Block block, Side skip, Side branch, LayerTrace post) {
      super("block " + block.number(), post);
      this.block = block;
      this.skip = skip;
      this.branch = branch;
    }

    @Override
    public Activation backward(Activation cotangent) {
      return pulledBack(
          new Cotangents(cotangent, 1, cotangent, 1), (side, d) -> side.backward(d, gradient));
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      LayerTrace unused = trace();
      return cotangents.stream().map(pair -> pulledBack(pair, LayerTrace::pullBack)).toList();
    }

    private Activation pulledBack(
        Cotangents pair, BiFunction<LayerTrace, Features, Features> through) {
      Features result = Features.zeros(output().images(), block.input());
      forEachSide(pair, (side, d) -> result.addScaled(1, through.apply(side, d)));
      return new ReferenceActivation(result);
    }

    @Override
    public void addParameterGradient(Cotangents pair) {
      forEachSide(pair, (side, d) -> side.addGradient(d, gradient));
    }

    /** Takes the cotangents through post, each to its side. */
    private void forEachSide(Cotangents pair, BiConsumer<LayerTrace, Features> work) {
      take(pair.skip(), pair.skipWeight(), skip, work);
      take(pair.branch(), pair.branchWeight(), branch, work);
    }

    private void take(
        @Nullable Activation given,
        double weight,
        Side side,
        BiConsumer<LayerTrace, Features> work) {
      LayerTrace post = trace();
      if (given != null && side.trace() != null) {
        work.accept(side.trace(), side.weighted(weight, post.pullBack(cotangent(given))));
      }
    }
  }

  private final class Head extends Pass implements HeadPass {
    private final CrossEntropy loss;

    Head(LayerTrace trace, CrossEntropy loss) {
      super("the head", trace);
      this.loss = loss;
    }

    @Override
    public double loss() {
      LayerTrace unused = trace();
      return loss.mean();
    }

    @Override
    public double[] logits() {
      return trace().output().values().clone();
    }

    @Override
    public Activation backward() {
      return new ReferenceActivation(trace().backward(loss.gradient(), gradient));
    }
  }
}
