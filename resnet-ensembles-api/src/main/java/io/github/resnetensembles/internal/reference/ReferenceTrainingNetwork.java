package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.internal.reference.ReferenceNetwork.BlockLayers;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.SgdUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Layers on arrays that this network owns and that {@link #apply} writes to. */
final class ReferenceTrainingNetwork implements TrainingNetwork {
  private final Architecture architecture;
  private final Network.NetworkInfo info;
  private final BatchNormMode mode;
  private final double batchNormMomentum;
  private final Map<String, double[]> tensors = new LinkedHashMap<>();
  private final Map<String, double[]> momenta;
  private final Operation stem;
  private final List<BlockLayers> blocks = new ArrayList<>();
  private final Operation head;
  private ParameterGradient gradient;
  private long updates;
  private boolean closed;

  ReferenceTrainingNetwork(Weights weights, TrainingOptions options, String engine, String device) {
    architecture = weights.architecture();
    info =
        new Network.NetworkInfo(
            ReferenceBackend.NAME,
            engine,
            device,
            Precision.FLOAT64,
            weights.sha256(),
            weights.trained());
    mode = options.batchNorm();
    batchNormMomentum = options.batchNormMomentum();
    weights.tensors().values().forEach(tensor -> tensors.put(tensor.name(), tensor.doubles()));
    LayerFactory factory = new LayerFactory(architecture, tensors);
    stem = factory.stem();
    for (Block block : architecture.blocks()) {
      blocks.add(new BlockLayers(factory.skip(block), factory.branch(block), factory.post(block)));
    }
    head = factory.head();
    gradient = zeros();
    momenta = zeros().values();
  }

  private ParameterGradient zeros() {
    return new ParameterGradient(architecture, "");
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
    return new Stem(updated(new HashSet<>(), stem.trace(x, mode)));
  }

  @Override
  public StepPass step(int block, double[] skipGains, double[] branchGains, Activation input) {
    checkOpen();
    Arguments.checkBlock(architecture, block);
    Block described = architecture.block(block);
    Features x = ReferenceNetwork.features("the input of block " + block, input, described.input());
    Arguments.checkGains(block, x.images(), skipGains);
    Arguments.checkGains(block, x.images(), branchGains);
    BlockLayers layers = blocks.get(block - 1);
    // Both sides may begin with the same BatchNorm, whose statistics move once.
    Set<String> seen = new HashSet<>();
    Side skip = side(layers.skip(), skipGains, x, seen);
    Side branch = side(layers.branch(), branchGains, x, seen);
    Features sum = Features.zeros(x.images(), described.sum());
    skip.addTo(sum);
    branch.addTo(sum);
    return new Step(described, x.images(), skip, branch, layers.post().trace(sum, mode));
  }

  private Side side(Operation layers, double[] gains, Features x, Set<String> seen) {
    boolean computed = Arrays.stream(gains).anyMatch(gain -> gain != 0);
    return new Side(gains.clone(), computed ? updated(seen, layers.trace(x, mode)) : null);
  }

  private LayerTrace updated(Set<String> seen, LayerTrace trace) {
    if (mode == BatchNormMode.TRAIN) {
      trace.updateStatistics(batchNormMomentum, seen);
    }
    return trace;
  }

  @Override
  public HeadPass head(Activation input, int[] labels, double labelSmoothing) {
    checkOpen();
    Features x = ReferenceNetwork.features("the head's input", input, architecture.finalOutput());
    Arguments.checkLabels(labels, x.images(), architecture.head().classes());
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new InvalidInputException("label smoothing lies in [0, 1), got " + labelSmoothing);
    }
    return new Head(updated(new HashSet<>(), head.trace(x, mode)), labels, labelSmoothing);
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    checkOpen();
    Arguments.checkLength("values", values.length, images, shape);
    return new ReferenceActivation(new Features(images, shape, values.clone()));
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    checkOpen();
    return ReferenceDifferentiation.weightedSum(terms, weights);
  }

  @Override
  public void apply(SgdUpdate update) {
    checkOpen();
    update.restingBlocks().forEach(block -> Arguments.checkBlock(architecture, block));
    double clip = Math.min(1, update.clipNorm() / (norm(gradient.values()) + 1e-6));
    gradient
        .values()
        .forEach(
            (name, g) -> {
              if (update.restingBlocks().stream().noneMatch(b -> name.startsWith(prefix(b)))) {
                double[] w = Objects.requireNonNull(tensors.get(name), name);
                double[] v = Objects.requireNonNull(momenta.get(name), name);
                move(w, v, g, clip, update);
              }
            });
    gradient = zeros();
    updates++;
  }

  private static String prefix(int block) {
    return "blocks." + block + ".";
  }

  private static double norm(Map<String, double[]> gradient) {
    double squares = 0;
    for (double[] values : gradient.values()) {
      for (double value : values) {
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static void move(
      double[] w, double[] v, double[] gradient, double clip, SgdUpdate update) {
    for (int i = 0; i < w.length; i++) {
      double d = clip * gradient[i] + update.weightDecay() * w[i];
      v[i] = update.momentum() * v[i] + d;
      w[i] -= update.learningRate() * (update.nesterov() ? d + update.momentum() * v[i] : v[i]);
    }
  }

  @Override
  public Map<String, double[]> gradients() {
    return copy(gradient.values());
  }

  @Override
  public Map<String, double[]> tensors() {
    return copy(tensors);
  }

  @Override
  public Map<String, double[]> momenta() {
    return copy(momenta);
  }

  private Map<String, double[]> copy(Map<String, double[]> arrays) {
    checkOpen();
    Map<String, double[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  @Override
  public void restoreMomenta(Map<String, double[]> given) {
    checkOpen();
    if (!given.keySet().equals(momenta.keySet())) {
      throw new InvalidInputException(
          "the momenta of "
              + architecture.name()
              + " are of "
              + momenta.keySet()
              + ", got those of "
              + given.keySet());
    }
    for (ParameterSpec parameter : architecture.parameters()) {
      double[] values = given.get(parameter.name());
      if (values != null && values.length != parameter.count()) {
        throw new InvalidInputException(
            "the momentum of "
                + parameter.name()
                + " has "
                + parameter.count()
                + " values, got "
                + values.length);
      }
    }
    given.forEach((name, values) -> momenta.put(name, values.clone()));
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
    void addTo(Features sum) {
      if (trace != null) {
        ReferenceNetwork.addScaled(sum, 1, weighted(1, trace.output()));
      }
    }

    /** A number and the gains times some features. */
    Features weighted(double factor, Features features) {
      Features result = Features.zeros(features.images(), features.shape());
      int size = features.shape().size();
      for (int i = 0; i < result.values().length; i++) {
        double gain = gains[gains.length == 1 ? 0 : i / size];
        result.values()[i] = factor * gain * features.values()[i];
      }
      return result;
    }
  }

  /** What a pass holds until it is closed. */
  private abstract class Pass {
    private final String name;
    private final long updatesBefore = updates;
    private boolean passClosed;

    Pass(String name) {
      this.name = name;
    }

    void checkUsable() {
      checkOpen();
      if (passClosed) {
        throw new IllegalStateException("the pass through " + name + " is used after its close");
      }
      if (updates != updatesBefore) {
        throw new IllegalStateException(
            "the pass through " + name + " is used after an update changed its parameters");
      }
    }

    void markClosed() {
      passClosed = true;
    }
  }

  private final class Stem extends Pass implements StemPass {
    private final LayerTrace trace;
    private final ReferenceActivation output;

    Stem(LayerTrace trace) {
      super("the stem");
      this.trace = trace;
      this.output = new ReferenceActivation(trace.output());
    }

    @Override
    public Activation output() {
      checkUsable();
      return output;
    }

    @Override
    public void backward(Activation cotangent) {
      checkUsable();
      trace.addGradient(
          ReferenceDifferentiation.cotangent(cotangent, output.images(), output.shape()), gradient);
    }

    @Override
    public void close() {
      markClosed();
      output.close();
    }
  }

  private final class Step extends Pass implements StepPass {
    private final Block block;
    private final int images;
    private final Side skip;
    private final Side branch;
    private final LayerTrace post;
    private final ReferenceActivation output;

    Step(Block block, int images, Side skip, Side branch, LayerTrace post) {
      super("block " + block.number());
      this.block = block;
      this.images = images;
      this.skip = skip;
      this.branch = branch;
      this.post = post;
      this.output = new ReferenceActivation(post.output());
    }

    @Override
    public Activation output() {
      checkUsable();
      return output;
    }

    @Override
    public Activation backward(Activation cotangent) {
      checkUsable();
      Features d = throughPost(cotangent);
      Features result = Features.zeros(images, block.input());
      for (Side side : List.of(skip, branch)) {
        if (side.trace() != null) {
          ReferenceNetwork.addScaled(
              result, 1, side.trace().backward(side.weighted(1, d), gradient));
        }
      }
      return new ReferenceActivation(result);
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      checkUsable();
      return cotangents.stream().map(this::pullBack).toList();
    }

    private Activation pullBack(Cotangents pair) {
      Features result = Features.zeros(images, block.input());
      if (pair.skip() != null && skip.trace() != null) {
        Features d = skip.weighted(pair.skipWeight(), throughPost(pair.skip()));
        ReferenceNetwork.addScaled(result, 1, skip.trace().pullBack(d));
      }
      if (pair.branch() != null && branch.trace() != null) {
        Features d = branch.weighted(pair.branchWeight(), throughPost(pair.branch()));
        ReferenceNetwork.addScaled(result, 1, branch.trace().pullBack(d));
      }
      return new ReferenceActivation(result);
    }

    @Override
    public void addParameterGradient(Cotangents pair) {
      checkUsable();
      if (pair.skip() != null && skip.trace() != null) {
        Features d = skip.weighted(pair.skipWeight(), throughPost(pair.skip()));
        skip.trace().addGradient(d, gradient);
      }
      if (pair.branch() != null && branch.trace() != null) {
        Features d = branch.weighted(pair.branchWeight(), throughPost(pair.branch()));
        branch.trace().addGradient(d, gradient);
      }
    }

    private Features throughPost(Activation cotangent) {
      FeatureShape shape = block.output();
      return post.pullBack(ReferenceDifferentiation.cotangent(cotangent, images, shape));
    }

    @Override
    public void close() {
      markClosed();
      output.close();
    }
  }

  private final class Head extends Pass implements HeadPass {
    private final LayerTrace trace;
    private final Features toLogits;
    private final double loss;

    Head(LayerTrace trace, int[] labels, double labelSmoothing) {
      super("the head");
      this.trace = trace;
      this.toLogits = Features.zeros(labels.length, trace.output().shape());
      this.loss =
          CrossEntropy.mean(trace.output().values(), labels, labelSmoothing, toLogits.values());
    }

    @Override
    public double loss() {
      checkUsable();
      return loss;
    }

    @Override
    public double[] logits() {
      checkUsable();
      return trace.output().values().clone();
    }

    @Override
    public Activation backward() {
      checkUsable();
      return new ReferenceActivation(trace.backward(toLogits, gradient));
    }

    @Override
    public void close() {
      markClosed();
    }
  }
}
