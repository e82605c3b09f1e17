package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.BatchNormMode;
import io.github.resnetensembles.Block;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ParameterSpec;
import io.github.resnetensembles.djl.internal.StepForm.Term;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.SgdUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Trains on this engine. Parameters, running statistics, momenta and gradients stay there; the
 * network beside them, made from a copy of the weights, only serves as the maker of activations.
 */
final class DjlTrainingNetwork implements TrainingNetwork {
  private static final double[] ONE = {1};
  private static final double[] NONE = {0};

  private final LayeredNetwork network;
  private final BatchNormMode mode;
  private final StepTraining stem;
  private final List<StepTraining> blocks;
  private final StepTraining head;
  private final SgdScript sgd;
  private final Scripts.Call multiply;
  private final Map<String, NDArray> momenta = new LinkedHashMap<>();
  private final Map<String, NDArray> gradients = new LinkedHashMap<>();
  private long updates;

  DjlTrainingNetwork(LayeredNetwork network, TrainingOptions options) {
    this.network = network;
    this.mode = options.batchNorm();
    Architecture architecture = network.architecture();
    boolean moves = mode == BatchNormMode.TRAIN;
    LayerForm form =
        new LiteralForm(
            network.plainWeights(),
            architecture.batchNormEpsilon(),
            mode,
            moves ? options.batchNormMomentum() : 0);
    Scripts scripts = network.scripts();
    NetworkLayers layers = network.layers();
    stem =
        new StepTraining(
            scripts, StepChains.of(layers.stem().chain(form)), architecture.stemOutput());
    blocks =
        layers.blocks().stream()
            .map(
                block ->
                    new StepTraining(scripts, block.chains(form), network.sumShape(block.block())))
            .toList();
    head =
        new StepTraining(
            scripts, StepChains.of(layers.head().chain(form)), architecture.finalOutput());
    sgd = new SgdScript(scripts);
    ScriptText text = new ScriptText();
    String a = text.argument("a");
    String b = text.argument("b");
    multiply = scripts.call(text, "torch.mul(" + a + ", " + b + ")");
    network
        .gate()
        .call(
            () -> {
              for (ParameterSpec parameter : architecture.parameters()) {
                if (parameter.role().trainable()) {
                  momenta.put(parameter.name(), zeros(parameter));
                  gradients.put(parameter.name(), zeros(parameter));
                }
              }
              return true;
            });
  }

  private NDArray zeros(ParameterSpec parameter) {
    return kept(parameter, new double[Math.toIntExact(parameter.count())]);
  }

  private NDArray kept(ParameterSpec parameter, double[] values) {
    long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    return network.tensors().keep(network.tensors().of(values, shape));
  }

  @Override
  public Architecture architecture() {
    return network.architecture();
  }

  @Override
  public Network.NetworkInfo info() {
    return network.info();
  }

  @Override
  public StemPass stem(float[] pixels, int images) {
    return network
        .gate()
        .call(
            () -> {
              SharedArray x = network.share(network.pixelArray(pixels, images));
              StepTraining.Run run;
              try {
                run = stem.forward(Term.ABSENT, null, Term.PLAIN, null, x.array());
              } finally {
                x.release();
              }
              FeatureShape output = architecture().stemOutput();
              return new Stem(new Pass("the stem", images, output, output, run, NONE, ONE));
            });
  }

  @Override
  public StepPass step(int number, double[] skipGains, double[] branchGains, Activation input) {
    return network
        .gate()
        .call(
            () -> {
              Block block = network.block(number);
              DjlActivation x = network.own("input", number, input, block.input());
              Gains skips = gains("skip", number, skipGains, x.images());
              Gains branches = gains("branch", number, branchGains, x.images());
              checkBatch(x.images(), block.output());
              SharedArray shared = x.use();
              try {
                StepTraining.Run run =
                    blocks
                        .get(number - 1)
                        .forward(
                            skips.term(),
                            skips.array(),
                            branches.term(),
                            branches.array(),
                            shared.array());
                return new Step(
                    new Pass(
                        "block " + number,
                        x.images(),
                        block.input(),
                        block.output(),
                        run,
                        skipGains.clone(),
                        branchGains.clone()));
              } finally {
                shared.release();
              }
            });
  }

  /** How gains take part in a script. */
  private record Gains(Term term, @Nullable NDArray array) {}

  private Gains gains(String what, int block, double[] gains, int images) {
    if (gains.length != 1 && gains.length != images) {
      throw new IllegalArgumentException(
          "block "
              + block
              + " needs one "
              + what
              + " gain or one for each of the "
              + images
              + " images, got "
              + gains.length);
    }
    for (double gain : gains) {
      EngineNetwork.checkGain(what, block, gain);
    }
    if (Arrays.stream(gains).allMatch(gain -> gain == 0)) {
      return new Gains(Term.ABSENT, null);
    }
    if (Arrays.stream(gains).allMatch(gain -> gain == 1)) {
      return new Gains(Term.PLAIN, null);
    }
    return new Gains(Term.SCALED, network.tensors().of(gains, gains.length, 1, 1, 1));
  }

  /** The engine would divide by 0 where a channel has a single value. */
  private void checkBatch(int images, FeatureShape shape) {
    if (mode == BatchNormMode.TRAIN && images == 1 && shape.height() * shape.width() == 1) {
      throw new IllegalArgumentException(
          "a BatchNorm sees one value for each channel, which has no variance: use larger batches");
    }
  }

  @Override
  public HeadPass head(Activation input, int[] labels, double labelSmoothing) {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException("label smoothing lies in [0, 1), got " + labelSmoothing);
    }
    return network
        .gate()
        .call(
            () -> {
              FeatureShape shape = architecture().finalOutput();
              DjlActivation y = network.own("head's input", 0, input, shape);
              int classes = architecture().head().classes();
              CrossEntropy.checkLabels(labels, y.images(), classes);
              checkBatch(y.images(), new FeatureShape(1, 1, 1));
              SharedArray shared = y.use();
              try {
                StepTraining.Run run =
                    head.forward(Term.ABSENT, null, Term.PLAIN, null, shared.array());
                FeatureShape output = new FeatureShape(classes, 1, 1);
                Pass pass = new Pass("the head", y.images(), shape, output, run, NONE, ONE);
                double[] logits = network.tensors().read(run.arrays().get(0));
                return new Head(
                    pass, logits, CrossEntropy.of(logits, labels, classes, labelSmoothing));
              } finally {
                shared.release();
              }
            });
  }

  @Override
  public Activation activation(double[] values, int images, FeatureShape shape) {
    return network.activation(values, images, shape);
  }

  @Override
  public Activation sum(List<Activation> terms, double[] weights) {
    return network.differentiation().orElseThrow().sum(terms, weights);
  }

  @Override
  public void apply(SgdUpdate update) {
    boolean unused =
        network
            .gate()
            .call(
                () -> {
                  update.restingBlocks().forEach(network::block);
                  List<NDArray> w = new ArrayList<>();
                  List<NDArray> v = new ArrayList<>();
                  List<NDArray> g = new ArrayList<>();
                  gradients.forEach(
                      (name, gradient) -> {
                        if (update.restingBlocks().stream()
                            .noneMatch(block -> name.startsWith("blocks." + block + "."))) {
                          w.add(network.plainWeights().array(name));
                          v.add(Objects.requireNonNull(momenta.get(name)));
                          g.add(gradient);
                        }
                      });
                  sgd.apply(update, w, v, g, List.copyOf(gradients.values()));
                  updates++;
                  return true;
                });
  }

  @Override
  public Map<String, double[]> gradients() {
    return read(gradients);
  }

  @Override
  public Map<String, double[]> tensors() {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    return network
        .gate()
        .call(
            () -> {
              for (ParameterSpec parameter : architecture().parameters()) {
                arrays.put(parameter.name(), network.plainWeights().array(parameter.name()));
              }
              return read(arrays);
            });
  }

  @Override
  public Map<String, double[]> momenta() {
    return read(momenta);
  }

  private Map<String, double[]> read(Map<String, NDArray> arrays) {
    return network
        .gate()
        .call(
            () -> {
              Map<String, double[]> values = new LinkedHashMap<>();
              arrays.forEach((name, array) -> values.put(name, network.tensors().read(array)));
              return values;
            });
  }

  @Override
  public void restoreMomenta(Map<String, double[]> given) {
    Map<String, Integer> sizes = network.trainable();
    if (!given.keySet().equals(sizes.keySet())) {
      throw new IllegalArgumentException(
          "the momenta of "
              + architecture().name()
              + " are of "
              + sizes.keySet()
              + ", got those of "
              + given.keySet());
    }
    given.forEach(
        (name, values) -> {
          int size = Objects.requireNonNull(sizes.get(name));
          if (values.length != size) {
            throw new IllegalArgumentException(
                "the momentum of " + name + " has " + size + " values, got " + values.length);
          }
        });
    boolean unused =
        network
            .gate()
            .call(
                () -> {
                  for (ParameterSpec parameter : architecture().parameters()) {
                    double[] values = given.get(parameter.name());
                    if (values != null) {
                      NDArray old = momenta.put(parameter.name(), kept(parameter, values));
                      network.tensors().free(Objects.requireNonNull(old));
                    }
                  }
                  return true;
                });
  }

  @Override
  public void close() {
    network.close();
  }

  /** What was run forward, until it is closed; one thread uses it. */
  private final class Pass {
    private final String name;
    private final int images;
    private final FeatureShape inputShape;
    private final FeatureShape outputShape;
    private final StepTraining.Run run;
    private final double[] skipGains;
    private final double[] branchGains;
    private final List<SharedArray> shared;
    private final DjlActivation output;
    private final long updatesBefore = updates;
    private boolean closed;

    Pass(
        String name,
        int images,
        FeatureShape inputShape,
        FeatureShape outputShape,
        StepTraining.Run run,
        double[] skipGains,
        double[] branchGains) {
      this.name = name;
      this.images = images;
      this.inputShape = inputShape;
      this.outputShape = outputShape;
      this.run = run;
      this.skipGains = skipGains;
      this.branchGains = branchGains;
      this.shared = run.arrays().stream().map(network::share).toList();
      boolean unused = shared.get(0).retain();
      this.output = new DjlActivation(network, shared.get(0), images, outputShape, false);
    }

    DjlActivation output() {
      checkUsable();
      return output;
    }

    void checkUsable() {
      if (closed) {
        throw new IllegalStateException("the pass through " + name + " is used after its close");
      }
      if (updates != updatesBefore) {
        throw new IllegalStateException(
            "the pass through " + name + " is used after an update changed its parameters");
      }
    }

    DjlActivation checked(Activation cotangent) {
      DjlActivation own = network.own("cotangent", 0, cotangent, outputShape);
      EngineDifferentiation.checkImages(own, images);
      return own;
    }

    /** Goes back with the same cotangent on both sides; adds the parameters' gradients. */
    NDArray backward(NDArray cotangent) {
      NDArray skip = run.hasSkip() ? gained(cotangent, skipGains, 1) : null;
      NDArray branch = run.hasBranch() ? gained(cotangent, branchGains, 1) : null;
      StepTraining.Backward back = goBack(skip, branch, true);
      return back == null ? zeroInput() : back.atInput();
    }

    NDArray pullBack(Cotangents pair, ToArray toArray) {
      StepTraining.Backward back = goBack(skip(pair, toArray), branch(pair, toArray), false);
      return back == null ? zeroInput() : back.atInput();
    }

    void addParameterGradient(Cotangents pair, ToArray toArray) {
      StepTraining.Backward unused = goBack(skip(pair, toArray), branch(pair, toArray), true);
    }

    private @Nullable NDArray skip(Cotangents pair, ToArray toArray) {
      return pair.skip() == null || !run.hasSkip()
          ? null
          : gained(toArray.of(pair.skip()), skipGains, pair.skipWeight());
    }

    private @Nullable NDArray branch(Cotangents pair, ToArray toArray) {
      return pair.branch() == null || !run.hasBranch()
          ? null
          : gained(toArray.of(pair.branch()), branchGains, pair.branchWeight());
    }

    private StepTraining.@Nullable Backward goBack(
        @Nullable NDArray skip, @Nullable NDArray branch, boolean parameters) {
      if (skip == null && branch == null) {
        return null;
      }
      StepTraining.Backward back = run.backward(skip, branch, parameters);
      back.gradients()
          .forEach(
              (parameter, gradient) ->
                  sgd.add(Objects.requireNonNull(gradients.get(parameter)), gradient));
      return back;
    }

    private NDArray zeroInput() {
      return network
          .tensors()
          .of(
              new double[images * inputShape.size()],
              images,
              inputShape.channels(),
              inputShape.height(),
              inputShape.width());
    }

    /** The gains act on each image alone, and so may come before post's derivative. */
    private NDArray gained(NDArray cotangent, double[] gains, double weight) {
      double[] factors = Arrays.stream(gains).map(gain -> gain * weight).toArray();
      if (Arrays.stream(factors).allMatch(factor -> factor == 1)) {
        return cotangent;
      }
      return multiply.run(cotangent, network.tensors().of(factors, factors.length, 1, 1, 1));
    }

    void close() {
      if (!closed) {
        closed = true;
        output.close();
        shared.forEach(SharedArray::release);
      }
    }
  }

  /** Looks up the engine's array of an activation. */
  @FunctionalInterface
  private interface ToArray {
    NDArray of(Activation activation);
  }

  private final class Stem implements StemPass {
    private final Pass pass;

    Stem(Pass pass) {
      this.pass = pass;
    }

    @Override
    public Activation output() {
      return pass.output();
    }

    @Override
    public void backward(Activation cotangent) {
      NDArray unused =
          network
              .gate()
              .call(
                  () -> {
                    pass.checkUsable();
                    return EngineNetwork.usingAll(
                        List.of(pass.checked(cotangent)), arrays -> pass.backward(arrays.get(0)));
                  });
    }

    @Override
    public void close() {
      pass.close();
    }
  }

  private final class Step implements StepPass {
    private final Pass pass;

    Step(Pass pass) {
      this.pass = pass;
    }

    @Override
    public Activation output() {
      return pass.output();
    }

    @Override
    public Activation backward(Activation cotangent) {
      return network
          .gate()
          .call(
              () -> {
                pass.checkUsable();
                return EngineNetwork.usingAll(
                    List.of(pass.checked(cotangent)),
                    arrays ->
                        network.activation(
                            pass.backward(arrays.get(0)), pass.images, pass.inputShape));
              });
    }

    @Override
    public List<Activation> pullBack(List<Cotangents> cotangents) {
      return network
          .gate()
          .call(
              () -> {
                pass.checkUsable();
                List<Activation> results = new ArrayList<>();
                for (Cotangents pair : cotangents) {
                  results.add(
                      with(
                          pair,
                          toArray ->
                              network.activation(
                                  pass.pullBack(pair, toArray), pass.images, pass.inputShape)));
                }
                return results;
              });
    }

    @Override
    public void addParameterGradient(Cotangents cotangents) {
      boolean unused =
          network
              .gate()
              .call(
                  () -> {
                    pass.checkUsable();
                    return with(
                        cotangents,
                        toArray -> {
                          pass.addParameterGradient(cotangents, toArray);
                          return true;
                        });
                  });
    }

    /** Works on a pair's arrays, which nobody can free meanwhile. */
    private <T> T with(Cotangents pair, java.util.function.Function<ToArray, T> work) {
      List<DjlActivation> own = new ArrayList<>();
      for (Activation activation : Arrays.asList(pair.skip(), pair.branch())) {
        if (activation != null) {
          own.add(pass.checked(activation));
        }
      }
      return EngineNetwork.usingAll(
          own, arrays -> work.apply(activation -> arrays.get(own.indexOf(activation))));
    }

    @Override
    public void close() {
      pass.close();
    }
  }

  private final class Head implements HeadPass {
    private final Pass pass;
    private final double[] logits;
    private final CrossEntropy loss;

    Head(Pass pass, double[] logits, CrossEntropy loss) {
      this.pass = pass;
      this.logits = logits;
      this.loss = loss;
    }

    @Override
    public double loss() {
      return usable(CrossEntropy::mean);
    }

    private double usable(ToDoubleFunction<CrossEntropy> value) {
      pass.checkUsable();
      return value.applyAsDouble(loss);
    }

    @Override
    public double[] logits() {
      pass.checkUsable();
      return logits.clone();
    }

    @Override
    public Activation backward() {
      return network
          .gate()
          .call(
              () -> {
                pass.checkUsable();
                NDArray atLogits =
                    network.tensors().of(loss.gradient(), pass.images, logits.length / pass.images);
                return network.activation(pass.backward(atLogits), pass.images, pass.inputShape);
              });
    }

    @Override
    public void close() {
      pass.close();
    }
  }
}
