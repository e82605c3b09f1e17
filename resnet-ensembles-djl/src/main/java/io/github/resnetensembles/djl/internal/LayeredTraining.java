package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.internal.TrainedStep.Sides;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Network.NetworkInfo;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A network of layers this library knows, in training: one script call for each part and direction.
 * Its activations and its gate are those of an ordinary network, which evaluates nothing and so has
 * no weights of its own in the engine.
 */
final class LayeredTraining implements TrainingNetwork {
  private static final Gain ONE = Gain.of("branch", 0, new double[] {1}, 1);
  private static final Gain NONE = Gain.of("skip", 0, new double[] {0}, 1);

  /** In steps; a release costs about four tenths of one. */
  private static final long RELEASED_EVERY = 64;

  private final LayeredNetwork host;
  private final Architecture architecture;
  private final boolean batchStatistics;
  private final TrainedParameters parameters;
  private final TrainedStep stem;
  private final List<TrainedStep> blocks;
  private final TrainedStep head;
  private final ClassificationLoss loss;
  private long updates;
  private long releasedAt;

  private LayeredTraining(
      LayeredNetwork host, Weights weights, TrainingOptions options, Scripts scripts) {
    this.host = host;
    this.architecture = host.architecture();
    this.batchStatistics = options.batchNorm() == BatchNormMode.TRAIN;
    Tensors tensors = host.tensors();
    this.parameters = new TrainedParameters(weights, tensors, scripts, host.arrange());
    NormStatistics statistics =
        batchStatistics
            ? NormStatistics.updating(options.batchNormMomentum())
            : NormStatistics.RUNNING;
    NetworkChains chains =
        NetworkChains.of(
            architecture, form(statistics, Optional.empty()), form(statistics, host.format()));
    this.stem = new TrainedStep(scripts, tensors, StepChains.of(chains.stem()));
    this.blocks =
        chains.blocks().stream().map(block -> new TrainedStep(scripts, tensors, block)).toList();
    this.head = new TrainedStep(scripts, tensors, StepChains.of(chains.head()));
    this.loss = new ClassificationLoss(scripts, tensors, architecture.head().classes());
  }

  private LayerForm form(NormStatistics statistics, Optional<NarrowFormat> format) {
    return new LiteralForm(
        parameters::array, architecture.batchNormEpsilon(), statistics, true, format);
  }

  static LayeredTraining open(Weights weights, TrainingOptions options) {
    TorchEngine torch = TorchEngine.load();
    Device device = torch.device(options.model().device());
    // One batch at a time: all threads work on it.
    Threads threads = new Threads(1, options.model().effectiveThreads());
    LayeredNetwork host = LayeredNetwork.open(torch, weights, options.model(), device, threads);
    try {
      return host.call(() -> new LayeredTraining(host, weights, options, host.scripts()));
    } catch (RuntimeException | Error e) {
      host.close();
      throw e;
    }
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public NetworkInfo info() {
    return host.info();
  }

  @Override
  public StemPass stem(float[] pixels, int images) {
    return host.call(() -> new Stem(host.share(host.pixelArray(pixels, images)), images));
  }

  @Override
  public StepPass step(int number, double[] skipGains, double[] branchGains, Activation input) {
    return host.call(
        () -> {
          Block block = host.block(number);
          DjlActivation x = host.own("input", number, input, block.input());
          Gain skip = Gain.of("skip", number, skipGains, x.images());
          Gain branch = Gain.of("branch", number, branchGains, x.images());
          BlockLayers layers = block.layers();
          checkSeveralValues("block " + number, x.images(), layers.lead());
          checkSeveralValues("block " + number, x.images(), layers.skip());
          if (branch.form() != Gain.Form.ABSENT) {
            checkSeveralValues("block " + number, x.images(), layers.branch());
          }
          return new Step(block, x, skip, branch);
        });
  }

  @Override
  public HeadPass head(Activation input, int[] labels, double labelSmoothing, double[][] dropout) {
    return host.call(
        () -> {
          FeatureShape shape = architecture.finalOutput();
          int classes = architecture.head().classes();
          DjlActivation y = host.own("head's input", 0, input, shape);
          Arguments.checkLabels(labels, y.images(), classes);
          Arguments.checkSmoothing(labelSmoothing);
          Arguments.checkDropout(architecture, dropout, y.images());
          checkSeveralValues("the head", y.images(), architecture.headLayers());
          return new Head(y, labels, labelSmoothing, factors(dropout, y.images()));
        });
  }

  /** What the head's dropout layers multiply by, (N, C, H, W): ones where nothing is dropped. */
  private List<NDArray> factors(double[][] dropout, int images) {
    List<NDArray> arrays = new ArrayList<>();
    for (PlacedLayer placed : architecture.headLayers()) {
      if (placed.layer() instanceof Layer.Dropout) {
        FeatureShape shape = placed.input();
        double[] factors;
        if (dropout.length == 0) {
          factors = new double[Math.multiplyExact(images, shape.size())];
          Arrays.fill(factors, 1);
        } else {
          factors = dropout[arrays.size()];
        }
        arrays.add(
            host.tensors().of(factors, images, shape.channels(), shape.height(), shape.width()));
      }
    }
    return arrays;
  }

  private void checkSeveralValues(String where, int images, List<PlacedLayer> layers) {
    for (PlacedLayer layer : layers) {
      FeatureShape shape = layer.input();
      if (batchStatistics
          && layer.layer() instanceof Layer.BatchNorm
          && images * shape.height() * shape.width() == 1) {
        throw new InvalidInputException(
            ("BatchNorm in %s sees a single value for each channel, which has no variance:"
                    + " use batches of at least 2 images")
                .formatted(where));
      }
    }
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return host.activation(values, images, shape);
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    return host.sum(terms, weights);
  }

  @Override
  public void apply(ParameterUpdate update) {
    host.call(
        () -> {
          for (int block : update.restingBlocks()) {
            Block unused = host.block(block);
          }
          updates++;
          parameters.apply(update);
          return true;
        });
    // Most of what a next step does not touch again comes from the first ones, which compile.
    if (Long.bitCount(updates) == 1 || updates % RELEASED_EVERY == 0) {
      release();
    }
  }

  /** Gives back what steps have left, once after each; to be called between steps. */
  private void release() {
    if (releasedAt < updates) {
      releasedAt = updates;
      boolean unused = GlibcAllocator.release();
    }
  }

  @Override
  public Map<String, double[]> gradients() {
    return host.call(parameters::gradients);
  }

  @Override
  public Map<String, double[]> tensors() {
    // Whoever asks in a training evaluates or writes next, which takes memory of its own.
    release();
    return host.call(parameters::tensors);
  }

  @Override
  public OptimizerState optimizerState() {
    return host.call(parameters::state);
  }

  @Override
  public void restore(OptimizerState state) {
    host.call(
        () -> {
          parameters.restore(state);
          return true;
        });
  }

  @Override
  public void close() {
    host.close();
  }

  /** A part of the network that was run forward, and the arrays that keeps. */
  private abstract class Pass implements AutoCloseable {
    private final String name;
    private final FeatureShape inputShape;
    private final FeatureShape outputShape;
    private final int images;
    private final long madeAt = updates;
    private final TrainedStep.Run run;
    private final List<SharedArray> shared = new ArrayList<>();
    private final DjlActivation output;
    private boolean closed;

    /** Runs the part; takes over one use of the input. */
    Pass(
        String name,
        FeatureShape inputShape,
        FeatureShape outputShape,
        int images,
        SharedArray input,
        Gain skip,
        Gain branch,
        TrainedStep step,
        List<NDArray> further) {
      this.name = name;
      this.inputShape = inputShape;
      this.outputShape = outputShape;
      this.images = images;
      try {
        this.run = step.forward(skip, branch, input.array(), further);
      } catch (RuntimeException | Error e) {
        input.release();
        throw e;
      }
      shared.add(input);
      run.arrays().stream().skip(1).forEach(array -> shared.add(host.share(array)));
      this.output = host.activation(run.arrays().get(0), images, outputShape);
    }

    TrainedStep.Run run() {
      return run;
    }

    /** Takes over an array, to be freed with this. */
    void keep(SharedArray array) {
      shared.add(array);
    }

    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Of a stem's and a step's pass.
    public Activation output() {
      return output;
    }

    <T> T call(Supplier<T> work) {
      return host.call(
          () -> {
            if (closed) {
              throw new IllegalStateException("the pass through " + name + " is closed");
            }
            if (madeAt != updates) {
              throw new IllegalStateException(
                  "the pass through %s was made before the parameters changed: run it again"
                      .formatted(name));
            }
            return work.get();
          });
    }

    DjlActivation checked(Activation cotangent) {
      DjlActivation own = host.own("cotangent", 0, cotangent, outputShape);
      Arguments.checkImages(own.images(), images);
      return own;
    }

    TrainedStep.Result backward(NDArray cotangent, Sides sides) {
      TrainedStep.Result result = run.backward(cotangent, sides);
      parameters.add(result.gradients());
      return result;
    }

    Activation backwardToInput(NDArray cotangent, Sides sides) {
      return host.activation(backward(cotangent, sides).atInput(), images, inputShape);
    }

    List<Activation> pulledBack(Pulls pulls) {
      return host.activations(run.pullBack(pulls), images, inputShape);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        output.close();
        shared.forEach(SharedArray::release);
      }
    }
  }

  private final class Stem extends Pass implements StemPass {
    Stem(SharedArray pixels, int images) {
      super(
          "the stem",
          architecture.input().paddedShape(),
          architecture.stemOutput(),
          images,
          pixels,
          NONE,
          ONE,
          stem,
          List.of());
    }

    @Override
    public void backward(Activation cotangent) {
      TrainedStep.Result unused =
          call(() -> checked(cotangent).using(array -> backward(array, Sides.BRANCH)));
    }
  }

  private final class Step extends Pass implements StepPass {
    Step(Block block, DjlActivation x, Gain skip, Gain branch) {
      super(
          "block " + block.number(),
          block.input(),
          block.output(),
          x.images(),
          x.use(),
          skip,
          branch,
          blocks.get(block.number() - 1),
          List.of());
    }

    @Override
    public Activation backward(Activation cotangent) {
      return call(() -> checked(cotangent).using(array -> backwardToInput(array, Sides.BOTH)));
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      return call(() -> Pulls.using(cotangents, this::checked, this::pulledBack));
    }

    @Override
    public void addParameterGradient(Cotangents cotangents) {
      call(
          () -> {
            addGradient(cotangents.skip(), cotangents.skipWeight(), Sides.SKIP);
            addGradient(cotangents.branch(), cotangents.branchWeight(), Sides.BRANCH);
            return true;
          });
    }

    private void addGradient(@Nullable Activation cotangent, double weight, Sides sides) {
      if (cotangent != null) {
        TrainedStep.Result unused =
            checked(cotangent)
                .using(array -> backward(weight == 1 ? array : array.mul(weight), sides));
      }
    }
  }

  private final class Head extends Pass implements HeadPass {
    private final SharedArray loss;
    private final SharedArray gradient;

    Head(DjlActivation y, int[] labels, double labelSmoothing, List<NDArray> dropout) {
      super("the head", y.shape(), y.shape(), y.images(), y.use(), NONE, ONE, head, dropout);
      ClassificationLoss.Result result =
          LayeredTraining.this.loss.of(run().arrays().get(0), labels, labelSmoothing);
      loss = host.share(result.loss());
      gradient = host.share(result.gradient());
      keep(loss);
      keep(gradient);
    }

    @Override
    public double loss() {
      return call(() -> host.tensors().read(loss.array())[0]);
    }

    @Override
    public double[] logits() {
      return call(() -> host.tensors().read(run().arrays().get(0)));
    }

    @Override
    public Activation backward() {
      return call(() -> backwardToInput(gradient.array(), Sides.BRANCH));
    }
  }
}
