package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Checks the rules D1 to D11 of {@link Differentiation} on {@link TinyNetworks}: against the twin
 * on the reference backend, and, where the network computes in float64, against central differences
 * of its own forward pass. A backend's own test extends this class and says which backend; a broken
 * rule fails the test of its number.
 */
public abstract class DifferentiationContractTest extends ContractTest {
  private static final double[][] GAINS = {{1, 1}, {0.5, -2}, {1, 0}, {0, 1}};

  /** The step of central differences: so small that hardly a ReLU bends within it. */
  private static final double H = 1e-7;

  /** The step of pixels, which are floats: they are rounded to multiples of it. */
  private static final double PIXEL_STEP = 0x1p-21;

  private static final double NUMERICAL_TOLERANCE = 1e-6;

  /** Creates the test. */
  protected DifferentiationContractTest() {}

  @Test
  void d01TracesRunForward() {
    check(
        "D1",
        subject -> {
          Network network = subject.network();
          Differentiation diff = derivatives(network);
          float[] pixels = subject.pixels(IMAGES, SEED);
          try (StemTrace stem = diff.stem(pixels.clone(), IMAGES, BatchNormMode.EVAL)) {
            Values.assertClose(
                "the stem's trace in eval mode",
                stem.output().values(),
                subject.stem(network, pixels, IMAGES),
                subject.tolerance());
          }
          double[] features = subject.finalFeatures(IMAGES, SEED);
          Values.assertClose(
              "the head's trace in eval mode",
              head(subject, network, features, BatchNormMode.EVAL, HeadTrace::logits),
              subject.head(network, features, IMAGES),
              subject.tolerance());
          Values.assertClose(
              "the head's trace in train mode",
              head(subject, network, features, BatchNormMode.TRAIN, HeadTrace::logits),
              head(subject, subject.twin(), features, BatchNormMode.TRAIN, HeadTrace::logits),
              subject.tolerance());
          try (StemTrace stem = diff.stem(pixels.clone(), IMAGES, BatchNormMode.TRAIN);
              StemTrace twin =
                  derivatives(subject.twin()).stem(pixels, IMAGES, BatchNormMode.TRAIN)) {
            Values.assertClose(
                "the stem's trace in train mode",
                stem.output().values(),
                twin.output().values(),
                subject.tolerance());
          }
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (double[] gain : GAINS) {
              Values.assertClose(
                  stepText(inputs.block(), gain, BatchNormMode.EVAL),
                  forward(network, inputs, gain, BatchNormMode.EVAL),
                  Operation.step(gain[0], gain[1]).values(network, inputs),
                  subject.tolerance());
              Values.assertClose(
                  stepText(inputs.block(), gain, BatchNormMode.TRAIN),
                  forward(network, inputs, gain, BatchNormMode.TRAIN),
                  forward(subject.twin(), inputs, gain, BatchNormMode.TRAIN),
                  subject.tolerance());
            }
          }
        });
  }

  @Test
  void d02PullBackIsTheTransposedJacobianOfEachSide() {
    check(
        "D2",
        subject -> {
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (double[] gain : GAINS) {
              for (BatchNormMode mode : BatchNormMode.values()) {
                Pull pull = new Pull(subject, inputs, gain, mode);
                List<double[]> got = pull.on(subject.network());
                List<double[]> expected = pull.on(subject.twin());
                for (int i = 0; i < got.size(); i++) {
                  Values.assertClose(
                      pull.text(i), got.get(i), expected.get(i), subject.tolerance());
                }
              }
            }
          }
          checkStemPullBack(subject);
          checkTies(subject);
        });
  }

  /** One step's pull-backs: of the skip side, of the branch side, of both with other weights. */
  private static final class Pull {
    private final BlockInputs inputs;
    private final double[] gain;
    private final BatchNormMode mode;
    private final Block block;

    Pull(Subject subject, BlockInputs inputs, double[] gain, BatchNormMode mode) {
      this.inputs = inputs;
      this.gain = gain;
      this.mode = mode;
      this.block = subject.architecture().block(inputs.block());
    }

    String text(int i) {
      return stepText(block.number(), gain, mode)
          + ": pull-back of "
          + List.of("the skip side", "both sides", "the branch side").get(i);
    }

    List<double[]> on(Network network) {
      int images = inputs.images();
      double[] first = Values.random(SEED + 7, images * block.output().size());
      double[] second = Values.random(SEED + 8, images * block.output().size());
      try (Activation x = inputs.x(network);
          Activation u = network.activation(first, images, block.output());
          Activation v = network.activation(second, images, block.output());
          StepTrace trace = derivatives(network).step(block.number(), gain[0], gain[1], x, mode)) {
        List<Cotangents> cotangents = new ArrayList<>();
        cotangents.add(Cotangents.ofSkip(u, 1));
        if (gain[1] != 0) {
          cotangents.add(new Cotangents(u, 0.5, v, -2));
          cotangents.add(Cotangents.ofBranch(v, 1));
        }
        return values(trace.pullBack(cotangents));
      }
    }
  }

  private static void checkStemPullBack(Subject subject) {
    Architecture architecture = subject.architecture();
    FeatureShape shape = architecture.stemOutput();
    double[] u = Values.random(SEED + 9, IMAGES * shape.size());
    float[] pixels = subject.pixels(IMAGES, SEED);
    for (BatchNormMode mode : BatchNormMode.values()) {
      Values.assertClose(
          "the stem in " + mode + " mode: pull-back",
          stemPullBack(subject.network(), pixels, IMAGES, u, mode),
          stemPullBack(subject.twin(), pixels, IMAGES, u, mode),
          subject.tolerance());
    }
    // No pixel differs from another: maxima are ties, and a sum of zeros is where ReLU bends.
    float[] black = new float[pixels.length];
    Values.assertClose(
        "the stem on pixels of 0: pull-back",
        stemPullBack(subject.network(), black, IMAGES, u, BatchNormMode.EVAL),
        stemPullBack(subject.twin(), black, IMAGES, u, BatchNormMode.EVAL),
        subject.tolerance());
  }

  private static double[] stemPullBack(
      Network network, float[] pixels, int images, double[] u, BatchNormMode mode) {
    FeatureShape shape = network.architecture().stemOutput();
    try (StemTrace trace = derivatives(network).stem(pixels.clone(), images, mode);
        Activation cotangent = network.activation(u, images, shape)) {
      return values(trace.pullBack(List.of(cotangent))).get(0);
    }
  }

  /** At an input of 0 with the skip connection alone, ReLU bends and all maxima are ties. */
  private static void checkTies(Subject subject) {
    for (Block block : subject.architecture().blocks()) {
      if (!block.layers().lead().isEmpty()
          || block.layers().skip().stream().anyMatch(layer -> !layer.parameters().isEmpty())) {
        continue;
      }
      double[] u = Values.random(SEED + 7, block.output().size());
      List<double[]> results = new ArrayList<>();
      for (Network network : List.of(subject.network(), subject.twin())) {
        try (Activation x = network.activation(new double[block.input().size()], 1, block.input());
            Activation cotangent = network.activation(u, 1, block.output());
            StepTrace trace =
                derivatives(network).step(block.number(), 1, 0, x, BatchNormMode.EVAL)) {
          results.addAll(values(trace.pullBack(List.of(Cotangents.ofSkip(cotangent, 1)))));
        }
      }
      Values.assertClose(
          "block " + block.number() + " with skip alone, on 0: pull-back",
          results.get(0),
          results.get(1),
          subject.tolerance());
    }
  }

  @Test
  void d02PullBackAgreesWithCentralDifferences() {
    checkInFloat64(
        "D2",
        subject -> {
          Network network = subject.network();
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (BatchNormMode mode : BatchNormMode.values()) {
              for (double[] gain : GAINS) {
                checkWholeStep(subject, inputs, gain, mode);
              }
            }
            checkSides(subject, inputs);
          }
          float[] pixels = subject.pixels(IMAGES, SEED);
          double[] x = new double[pixels.length];
          for (int i = 0; i < x.length; i++) {
            x[i] = Math.rint(pixels[i] / PIXEL_STEP) * PIXEL_STEP;
            pixels[i] = (float) x[i];
          }
          double[] u = Values.random(SEED + 9, IMAGES * subject.architecture().stemOutput().size());
          for (BatchNormMode mode : BatchNormMode.values()) {
            checkNumerically(
                "the stem in " + mode + " mode",
                x,
                PIXEL_STEP,
                at -> Values.dot(u, stemForward(network, at, mode)),
                stemPullBack(network, pixels, IMAGES, u, mode));
          }
        });
  }

  private static double[] stemForward(Network network, double[] x, BatchNormMode mode) {
    float[] pixels = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      pixels[i] = (float) x[i];
    }
    try (StemTrace trace = derivatives(network).stem(pixels, IMAGES, mode)) {
      return trace.output().values();
    }
  }

  /** With one cotangent for both sides and the gains as weights: the gradient of the step. */
  private static void checkWholeStep(
      Subject subject, BlockInputs inputs, double[] gain, BatchNormMode mode) {
    Network network = subject.network();
    Block block = subject.architecture().block(inputs.block());
    double[] u = Values.random(SEED + 7, IMAGES * block.output().size());
    checkNumerically(
        stepText(block.number(), gain, mode),
        inputs.xValues(),
        H,
        x -> Values.dot(u, forward(network, inputs.withX(x), gain, mode)),
        wholePullBack(network, inputs, u, gain, mode));
  }

  private static double[] wholePullBack(
      Network network, BlockInputs inputs, double[] u, double[] gain, BatchNormMode mode) {
    Block block = network.architecture().block(inputs.block());
    try (Activation x = inputs.x(network);
        Activation cotangent = network.activation(u, IMAGES, block.output());
        StepTrace trace = derivatives(network).step(block.number(), gain[0], gain[1], x, mode)) {
      return values(trace.pullBack(List.of(weighted(cotangent, gain)))).get(0);
    }
  }

  /** The same cotangent for both sides, with the gains as weights. */
  private static Cotangents weighted(Activation u, double[] gain) {
    return gain[1] == 0 ? Cotangents.ofSkip(u, gain[0]) : new Cotangents(u, gain[0], u, gain[1]);
  }

  /** Each side alone, with post's derivative at the sum of both. */
  private static void checkSides(Subject subject, BlockInputs inputs) {
    Network network = subject.network();
    int number = inputs.block();
    Block block = subject.architecture().block(number);
    double[] u = Values.random(SEED + 7, IMAGES * block.output().size());
    try (Activation x = inputs.x(network);
        Activation cotangent = network.activation(u, IMAGES, block.output());
        Activation skip = network.skip(number, x);
        Activation branch = network.branch(number, x);
        StepTrace trace = derivatives(network).step(number, 1, 1, x, BatchNormMode.EVAL)) {
      FeatureShape inner = skip.shape();
      double[] s = skip.values();
      double[] f = branch.values();
      List<double[]> got =
          values(
              trace.pullBack(
                  List.of(Cotangents.ofSkip(cotangent, 1), Cotangents.ofBranch(cotangent, 1))));
      checkNumerically(
          "block " + number + ": the skip side at the sum of both",
          inputs.xValues(),
          H,
          at -> Values.dot(u, post(network, number, inner, moved(network, inputs, at, true, s), f)),
          got.get(0));
      checkNumerically(
          "block " + number + ": the branch side at the sum of both",
          inputs.xValues(),
          H,
          at ->
              Values.dot(u, post(network, number, inner, s, moved(network, inputs, at, false, f))),
          got.get(1));
    }
  }

  private static double[] moved(
      Network network, BlockInputs inputs, double[] at, boolean skipSide, double[] like) {
    try (Activation x = inputs.withX(at).x(network);
        Activation y =
            skipSide ? network.skip(inputs.block(), x) : network.branch(inputs.block(), x)) {
      double[] values = y.values();
      require(values.length == like.length, "a side changed its size");
      return values;
    }
  }

  private static double[] post(
      Network network, int block, FeatureShape shape, double[] skip, double[] branch) {
    try (Activation sum = network.activation(Values.sum(skip, branch), IMAGES, shape);
        Activation y = network.post(block, sum)) {
      return y.values();
    }
  }

  @Test
  void d03SideWithoutCotangentIsNotComputed() {
    check(
        "D3",
        architectures(),
        DifferentiationContractTest::withNanBranches,
        subject -> {
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            Block block = subject.architecture().block(inputs.block());
            if (hasConvolution(block.layers().lead()) || hasConvolution(block.layers().skip())) {
              continue;
            }
            checkBranchIsLeftOut(subject, inputs, block, 0);
            if (block.layers().post().isEmpty()) {
              checkBranchIsLeftOut(subject, inputs, block, 1);
            }
          }
        });
  }

  private static boolean hasConvolution(List<PlacedLayer> layers) {
    return layers.stream().anyMatch(placed -> placed.layer() instanceof Layer.Convolution);
  }

  private static void checkBranchIsLeftOut(
      Subject subject, BlockInputs inputs, Block block, double branchGain) {
    Network network = subject.network();
    double[] u = Values.random(SEED + 7, IMAGES * block.output().size());
    try (Activation x = inputs.x(network);
        Activation cotangent = network.activation(u, IMAGES, block.output());
        StepTrace trace =
            derivatives(network).step(block.number(), 1, branchGain, x, BatchNormMode.EVAL)) {
      String what =
          "block " + block.number() + " with NaN weights and branch gain " + branchGain + ": ";
      require(
          branchGain != 0 || Values.allFinite(trace.output().values()),
          what + "the branch shows in the output");
      require(
          Values.allFinite(values(trace.pullBack(List.of(Cotangents.ofSkip(cotangent, 1)))).get(0)),
          what + "the branch shows in the pull-back of the skip side");
      for (Map.Entry<String, double[]> entry :
          trace.parameterGradient(Cotangents.ofSkip(cotangent, 1)).entrySet()) {
        require(
            Values.allFinite(entry.getValue()),
            what + "the branch shows in the gradient of " + entry.getKey());
      }
    }
  }

  /** NaN in the convolutions of all branches. */
  private static Weights withNanBranches(Weights weights) {
    return new ChangedWeights(
        weights,
        (name, values) -> {
          if (name.startsWith("blocks.") && name.contains(".conv")) {
            Arrays.fill(values, Double.NaN);
          }
          return values;
        });
  }

  @Test
  void d04ResultsDependOnTheirOwnCotangentsOnly() {
    check(
        "D4",
        subject -> {
          Network network = subject.network();
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            Block block = subject.architecture().block(inputs.block());
            int size = IMAGES * block.output().size();
            List<Activation> us = new ArrayList<>();
            try (Activation x = inputs.x(network);
                StepTrace trace =
                    derivatives(network).step(block.number(), 1, 1, x, BatchNormMode.TRAIN)) {
              List<Cotangents> list = new ArrayList<>();
              for (int i = 0; i < 5; i++) {
                Activation u =
                    network.activation(Values.random(SEED + i, size), IMAGES, block.output());
                us.add(u);
                list.add(
                    i % 3 == 0
                        ? Cotangents.ofSkip(u, 1)
                        : i % 3 == 1
                            ? Cotangents.ofBranch(u, 0.5)
                            : new Cotangents(u, 2, us.get(0), -1));
              }
              checkAlone(block.number(), trace, list);
            } finally {
              us.forEach(Activation::close);
            }
          }
        });
  }

  private static void checkAlone(int block, StepTrace trace, List<Cotangents> list)
      throws InterruptedException {
    List<double[]> alone = new ArrayList<>();
    for (Cotangents one : list) {
      alone.addAll(values(trace.pullBack(List.of(one))));
    }
    List<double[]> together = values(trace.pullBack(list));
    require(together.size() == list.size(), "block " + block + ": pull-backs were lost");
    for (int i = 0; i < list.size(); i++) {
      Values.assertSameBits(
          "block " + block + ": pull-back " + i + " in a list of " + list.size() + ", then alone",
          together.get(i),
          alone.get(i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<List<double[]>>> tasks =
          Collections.nCopies(2 * THREADS, () -> values(trace.pullBack(list)));
      for (Future<List<double[]>> future : threads.invokeAll(tasks)) {
        List<double[]> values = future.get();
        for (int i = 0; i < list.size(); i++) {
          Values.assertSameBits(
              "block " + block + ": pull-back " + i + " in one of " + THREADS + " threads",
              values.get(i),
              alone.get(i));
        }
      }
    } catch (ExecutionException e) {
      throw new AssertionError(
          "block " + block + ": pull-back in a thread threw " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void d05HeadGivesTheMeanCrossEntropyAndItsGradient() {
    check(
        "D5",
        subject -> {
          Network network = subject.network();
          double[] features = subject.finalFeatures(IMAGES, SEED);
          for (BatchNormMode mode : BatchNormMode.values()) {
            String what = "the head in " + mode + " mode: ";
            double[] logits = head(subject, network, features, mode, HeadTrace::logits);
            double[] loss =
                head(subject, network, features, mode, trace -> new double[] {trace.loss()});
            Values.assertClose(
                what + "loss",
                loss,
                new double[] {meanCrossEntropy(logits, labels(subject))},
                subject.tolerance());
            double[] gradient =
                head(subject, network, features, mode, trace -> trace.gradient().values());
            Values.assertClose(
                what + "gradient",
                gradient,
                head(subject, subject.twin(), features, mode, trace -> trace.gradient().values()),
                subject.tolerance());
            if (network.info().precision() == Precision.FLOAT64) {
              checkNumerically(
                  what + "gradient",
                  features,
                  H,
                  at -> head(subject, network, at, mode, trace -> new double[] {trace.loss()})[0],
                  gradient);
            }
          }
        });
  }

  /** Mean of log(sum of exp) - the label's logit, written out. */
  private static double meanCrossEntropy(double[] logits, int[] labels) {
    int classes = logits.length / labels.length;
    double loss = 0;
    for (int n = 0; n < labels.length; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[n * classes + c]);
      }
      loss += Math.log(sum) - logits[n * classes + labels[n]];
    }
    return loss / labels.length;
  }

  @Test
  void d06ParameterGradientsHaveTheWeightsNamesAndLayouts() {
    check(
        "D6",
        subject -> {
          for (BatchNormMode mode : BatchNormMode.values()) {
            Map<String, Map<String, double[]>> got =
                parameterGradients(subject, subject.network(), mode);
            Map<String, Map<String, double[]>> expected =
                parameterGradients(subject, subject.twin(), mode);
            expected.forEach(
                (what, gradients) -> {
                  Map<String, double[]> mine = got.getOrDefault(what, Map.of());
                  require(
                      mine.keySet().equals(gradients.keySet()),
                      what
                          + " has the parameters "
                          + new TreeSet<>(mine.keySet())
                          + ", expected "
                          + new TreeSet<>(gradients.keySet()));
                  gradients.forEach(
                      (name, values) ->
                          Values.assertClose(
                              what + ", of " + name,
                              mine.getOrDefault(name, new double[0]),
                              values,
                              10 * subject.tolerance()));
                });
          }
        });
  }

  /** The gradients of stem, head and every block, by what they are gradients of. */
  private static Map<String, Map<String, double[]>> parameterGradients(
      Subject subject, Network network, BatchNormMode mode) {
    Map<String, Map<String, double[]>> gradients = new LinkedHashMap<>();
    FeatureShape y0 = subject.architecture().stemOutput();
    try (StemTrace trace = derivatives(network).stem(subject.pixels(IMAGES, SEED), IMAGES, mode);
        Activation u =
            network.activation(Values.random(SEED + 9, IMAGES * y0.size()), IMAGES, y0)) {
      gradients.put("the stem's gradient in " + mode + " mode", trace.parameterGradient(u));
    }
    for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
      Block block = subject.architecture().block(inputs.block());
      int size = IMAGES * block.output().size();
      for (double[] gain : GAINS) {
        try (Activation x = inputs.x(network);
            Activation u =
                network.activation(Values.random(SEED + 7, size), IMAGES, block.output());
            Activation v =
                network.activation(Values.random(SEED + 8, size), IMAGES, block.output());
            StepTrace trace =
                derivatives(network).step(block.number(), gain[0], gain[1], x, mode)) {
          String what = "gradient of " + stepText(block.number(), gain, mode);
          gradients.put(
              what + " from the skip side", trace.parameterGradient(Cotangents.ofSkip(u, 0.5)));
          if (gain[1] != 0) {
            gradients.put(
                what + " from the branch side",
                trace.parameterGradient(Cotangents.ofBranch(v, -2)));
            gradients.put(
                what + " from both sides", trace.parameterGradient(new Cotangents(u, 0.5, v, -2)));
          }
        }
      }
    }
    double[] features = subject.finalFeatures(IMAGES, SEED);
    try (Activation y = network.activation(features, IMAGES, subject.architecture().finalOutput());
        HeadTrace trace = derivatives(network).head(y, labels(subject), mode)) {
      gradients.put("the head's gradient in " + mode + " mode", trace.parameterGradient());
    }
    return gradients;
  }

  @Test
  void d06ParameterGradientsAgreeWithCentralDifferences() {
    checkInFloat64(
        "D6",
        subject -> {
          Architecture architecture = subject.architecture();
          FeatureShape y0 = architecture.stemOutput();
          double[] u = Values.random(SEED + 9, IMAGES * y0.size());
          float[] pixels = subject.pixels(IMAGES, SEED);
          double[] features = subject.finalFeatures(IMAGES, SEED);
          for (BatchNormMode mode : BatchNormMode.values()) {
            checkParameters(
                "the stem in " + mode + " mode",
                architecture,
                "stem.",
                network -> {
                  try (StemTrace trace = derivatives(network).stem(pixels, IMAGES, mode)) {
                    return Values.dot(u, trace.output().values());
                  }
                },
                network -> {
                  try (StemTrace trace = derivatives(network).stem(pixels, IMAGES, mode);
                      Activation cotangent = network.activation(u, IMAGES, y0)) {
                    return trace.parameterGradient(cotangent);
                  }
                });
            checkParameters(
                "the head in " + mode + " mode",
                architecture,
                "head.",
                network ->
                    head(subject, network, features, mode, trace -> new double[] {trace.loss()})[0],
                network -> {
                  try (Activation y =
                          network.activation(features, IMAGES, architecture.finalOutput());
                      HeadTrace trace = derivatives(network).head(y, labels(subject), mode)) {
                    return trace.parameterGradient();
                  }
                });
            for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
              for (double[] gain : GAINS) {
                checkStepParameters(architecture, inputs, gain, mode);
              }
            }
          }
        });
  }

  private void checkStepParameters(
      Architecture architecture, BlockInputs inputs, double[] gain, BatchNormMode mode) {
    Block block = architecture.block(inputs.block());
    double[] u = Values.random(SEED + 7, IMAGES * block.output().size());
    checkParameters(
        stepText(block.number(), gain, mode),
        architecture,
        "blocks." + block.number() + ".",
        network -> Values.dot(u, forward(network, inputs, gain, mode)),
        network -> {
          try (Activation x = inputs.x(network);
              Activation cotangent = network.activation(u, IMAGES, block.output());
              StepTrace trace =
                  derivatives(network).step(block.number(), gain[0], gain[1], x, mode)) {
            return trace.parameterGradient(weighted(cotangent, gain));
          }
        });
  }

  /** Moves all parameters of a part along random directions, in networks opened for it. */
  private void checkParameters(
      String what,
      Architecture architecture,
      String prefix,
      ToDoubleFunction<Network> value,
      Function<Network, Map<String, double[]>> gradient) {
    RandomWeights weights = new RandomWeights(architecture, SEED);
    Map<String, double[]> directions = new HashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      if (parameter.role().trainable() && parameter.name().startsWith(prefix)) {
        directions.put(
            parameter.name(),
            Values.random(SEED + parameter.name().hashCode(), Math.toIntExact(parameter.count())));
      }
    }
    Map<String, double[]> got;
    try (Network network = backend().network(weights, options())) {
      got = gradient.apply(network);
    }
    require(
        got.keySet().equals(directions.keySet()),
        what + " has gradients of " + got.keySet() + ", expected " + directions.keySet());
    double expected = 0;
    double scale = 1;
    for (Map.Entry<String, double[]> entry : directions.entrySet()) {
      double[] ofOne = got.getOrDefault(entry.getKey(), new double[0]);
      require(
          ofOne.length == entry.getValue().length,
          what + " has a gradient of " + ofOne.length + " values for " + entry.getKey());
      expected += Values.dot(entry.getValue(), ofOne);
      scale += Values.dot(ofOne, ofOne);
    }
    double difference =
        (valueAt(weights, directions, H, value) - valueAt(weights, directions, -H, value))
            / (2 * H);
    require(
        Math.abs(difference - expected) <= NUMERICAL_TOLERANCE * 10 * Math.sqrt(scale),
        what
            + ": the parameters' gradient along a direction is "
            + expected
            + ", central differences give "
            + difference);
  }

  private double valueAt(
      Weights weights,
      Map<String, double[]> directions,
      double distance,
      ToDoubleFunction<Network> value) {
    Weights moved =
        new ChangedWeights(
            weights,
            (name, values) ->
                Values.sum(
                    values,
                    Values.scaled(
                        distance, directions.getOrDefault(name, new double[values.length]))));
    try (Network network = backend().network(moved, options())) {
      return value.applyAsDouble(network);
    }
  }

  @Test
  void d07NothingChangesTheNetwork() {
    check(
        "D7",
        subject -> {
          Network network = subject.network();
          float[] pixels = subject.pixels(IMAGES, SEED);
          double[] stepwise = subject.stepwise(network, pixels, IMAGES);
          double[] whole = network.logits(pixels.clone(), IMAGES);
          for (BatchNormMode mode : BatchNormMode.values()) {
            Map<String, Map<String, double[]>> first = parameterGradients(subject, network, mode);
            Map<String, Map<String, double[]>> second = parameterGradients(subject, network, mode);
            first.forEach(
                (what, gradients) ->
                    gradients.forEach(
                        (name, values) ->
                            Values.assertSameBits(
                                what + ", of " + name + ", asked for twice",
                                second
                                    .getOrDefault(what, Map.of())
                                    .getOrDefault(name, new double[0]),
                                values)));
          }
          Values.assertSameBits(
              "the intact steps after derivatives were taken",
              subject.stepwise(network, pixels, IMAGES),
              stepwise);
          Values.assertSameBits(
              "logits after derivatives were taken", network.logits(pixels, IMAGES), whole);
        });
  }

  @Test
  void d08TracesAreUsableUntilTheyAreClosed() {
    check(
        "D8",
        subject -> {
          Network network = subject.network();
          Differentiation diff = derivatives(network);
          List<AutoCloseable> open = new ArrayList<>();
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            Block block = subject.architecture().block(inputs.block());
            double[] values = Values.random(SEED, IMAGES * block.output().size());
            Activation x = inputs.x(network);
            Activation u = network.activation(values, IMAGES, block.output());
            Cotangents both = new Cotangents(u, 1, u, 1);
            StepTrace trace = diff.step(block.number(), 1, 1, x, BatchNormMode.EVAL);
            double[] before = values(trace.pullBack(List.of(both))).get(0);
            x.close();
            Values.assertSameBits(
                "block " + block.number() + ": pull-back after the input was closed",
                values(trace.pullBack(List.of(both))).get(0),
                before);
            Activation result = trace.pullBack(List.of(both)).get(0);
            trace.close();
            trace.close();
            Values.assertSameBits("a result after its trace was closed", result.values(), before);
            result.close();
            closed("output of a closed trace", () -> trace.output().values());
            closed("pullBack on a closed trace", () -> trace.pullBack(List.of(both)));
            closed("parameterGradient of a closed trace", () -> trace.parameterGradient(both));
            try (Activation again = inputs.x(network)) {
              StepTrace late = diff.step(block.number(), 1, 1, again, BatchNormMode.EVAL);
              open.add(late);
              open.add(u);
            }
          }
          FeatureShape y0 = subject.architecture().stemOutput();
          float[] pixels = subject.pixels(IMAGES, SEED);
          Activation u = network.activation(Values.random(SEED, IMAGES * y0.size()), IMAGES, y0);
          StemTrace stem = diff.stem(pixels, IMAGES, BatchNormMode.EVAL);
          StemTrace lateStem = diff.stem(pixels, IMAGES, BatchNormMode.EVAL);
          stem.close();
          stem.close();
          closed("output of a closed stem trace", () -> stem.output().values());
          closed("pullBack on a closed stem trace", () -> stem.pullBack(List.of(u)));
          closed("parameterGradient of a closed stem trace", () -> stem.parameterGradient(u));
          FeatureShape last = subject.architecture().finalOutput();
          Activation y = network.activation(subject.finalFeatures(IMAGES, SEED), IMAGES, last);
          HeadTrace head = diff.head(y, labels(subject), BatchNormMode.EVAL);
          HeadTrace lateHead = diff.head(y, labels(subject), BatchNormMode.EVAL);
          double loss = head.loss();
          y.close();
          require(head.loss() == loss, "the head's loss changed when its input was closed");
          require(
              !head.parameterGradient().isEmpty(),
              "the head's trace is unusable once its input is closed");
          head.close();
          head.close();
          closed("gradient of a closed head trace", () -> head.gradient().values());
          closed("parameterGradient of a closed head trace", head::parameterGradient);
          network.close();
          closed("stem on a closed network", () -> diff.stem(pixels, IMAGES, BatchNormMode.EVAL));
          closed("pullBack after the network's close", () -> lateStem.pullBack(List.of(u)));
          closed("parameterGradient after the network's close", lateHead::parameterGradient);
          for (AutoCloseable late : open) {
            if (late instanceof StepTrace trace) {
              closed(
                  "pullBack of a step after the network's close",
                  () -> trace.pullBack(List.of(Cotangents.ofSkip(u, 1))));
            }
            close(late);
          }
          lateStem.close();
          lateHead.close();
          u.close();
        });
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void d09WrongArgumentsAreRefusedAndNonFiniteValuesPass() {
    check(
        "D9",
        subject -> {
          Network network = subject.network();
          Differentiation diff = derivatives(network);
          float[] pixels = subject.pixels(2, SEED);
          for (int images : new int[] {0, 1, 3}) {
            refused(
                "stem of pixels for 2 images as " + images,
                () -> diff.stem(pixels, images, BatchNormMode.EVAL));
          }
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            checkWrongStepArguments(subject, diff, inputs);
          }
          checkWrongHeadArguments(subject, diff);
          checkNonFinite(subject);
        });
  }

  private static void checkWrongStepArguments(
      Subject subject, Differentiation diff, BlockInputs inputs) {
    Network network = subject.network();
    Block block = subject.architecture().block(inputs.block());
    FeatureShape odd = new FeatureShape(13, 2, 3);
    int i = block.number();
    FeatureShape y0 = subject.architecture().stemOutput();
    try (Activation x = inputs.x(network);
        Activation strange = network.activation(new double[IMAGES * 78], IMAGES, odd);
        Activation fewer =
            network.activation(new double[block.output().size()], 1, block.output());
        StepTrace trace = diff.step(i, 1, 1, x, BatchNormMode.EVAL);
        StemTrace stem = diff.stem(subject.pixels(IMAGES, SEED), IMAGES, BatchNormMode.EVAL)) {
      for (int number : new int[] {0, -1, subject.architecture().size() + 1}) {
        refused("step of block " + number, () -> diff.step(number, 1, 1, x, BatchNormMode.EVAL));
      }
      refused(
          "step of block " + i + " on " + odd,
          () -> diff.step(i, 1, 1, strange, BatchNormMode.EVAL));
      refused(
          "step of block " + i + " with a gain of NaN",
          () -> diff.step(i, Double.NaN, 1, x, BatchNormMode.EVAL));
      for (Activation wrong : List.of(strange, fewer)) {
        String what =
            "block " + i + ": a cotangent of " + wrong.images() + " images of " + wrong.shape();
        refused(what, () -> trace.pullBack(List.of(Cotangents.ofSkip(wrong, 1))));
        refused(what, () -> trace.pullBack(List.of(Cotangents.ofBranch(wrong, 1))));
        refused(what, () -> trace.parameterGradient(Cotangents.ofBranch(wrong, 1)));
      }
      refused("the stem: a cotangent of " + odd, () -> stem.pullBack(List.of(strange)));
      refused("the stem: a cotangent of " + odd, () -> stem.parameterGradient(strange));
      try (Activation first = network.activation(new double[IMAGES * y0.size()], IMAGES, y0)) {
        refused("dots of " + y0 + " and " + odd, () -> diff.dots(first, strange));
        refused(
            "a sum of " + y0 + " and " + odd,
            () -> diff.sum(List.of(first, strange), new double[] {1, 1}));
        refused("a sum with a weight too few", () -> diff.sum(List.of(first), new double[0]));
        refused("a sum of nothing", () -> diff.sum(List.of(), new double[0]));
      }
    }
  }

  private static void checkWrongHeadArguments(Subject subject, Differentiation diff) {
    Network network = subject.network();
    FeatureShape last = subject.architecture().finalOutput();
    int classes = subject.architecture().head().classes();
    try (Activation y = network.activation(subject.finalFeatures(2, SEED), 2, last);
        Activation strange =
            network.activation(new double[2 * 78], 2, new FeatureShape(13, 2, 3))) {
      for (int[] labels : new int[][] {{0}, {0, 0, 0}, {-1, 0}, {0, classes}}) {
        refused(
            "head of 2 images with the labels " + Arrays.toString(labels),
            () -> diff.head(y, labels, BatchNormMode.EVAL));
      }
      refused(
          "head of a strange shape",
          () -> diff.head(strange, new int[] {0, 0}, BatchNormMode.EVAL));
    }
  }

  /** A NaN in the cotangent of image 0 shows in its pull-back, and in no other image's. */
  private static void checkNonFinite(Subject subject) {
    Network network = subject.network();
    for (BlockInputs inputs : subject.inputs(2, SEED)) {
      Block block = subject.architecture().block(inputs.block());
      double[] values = Values.random(SEED, 2 * block.output().size());
      Arrays.fill(values, 0, block.output().size(), Double.NaN);
      try (Activation x = inputs.x(network);
          Activation u = network.activation(values, 2, block.output());
          StepTrace trace =
              derivatives(network).step(block.number(), 1, 1, x, BatchNormMode.EVAL)) {
        double[] result = values(trace.pullBack(List.of(new Cotangents(u, 1, u, 1)))).get(0);
        String what = "block " + block.number() + ": a NaN cotangent of image 0 ";
        require(!Values.allFinite(Values.image(result, 2, 0)), what + "gave a finite pull-back");
        require(
            Values.allFinite(Values.image(result, 2, 1)), what + "shows in image 1's pull-back");
      }
    }
  }

  @Test
  void d10MemoryIsFlat() {
    Architecture architecture = architectures().get(0);
    check(
        "D10",
        List.of(architecture),
        subject -> {
          Block block = architecture.block(1);
          int images = Math.max(1, 32768 / block.input().size());
          BlockInputs inputs = BlockInputs.random(block, images, SEED);
          churn(subject.network(), inputs, 20);
          checkMemory(() -> churn(subject.network(), inputs, 100));
        });
  }

  private static void churn(Network network, BlockInputs inputs, int rounds) {
    Differentiation diff = derivatives(network);
    for (int i = 0; i < rounds; i++) {
      double[] gain = i % 10 == 0 ? new double[] {1, 1} : new double[] {1, 0};
      try (Activation x = inputs.x(network);
          StepTrace trace = diff.step(1, gain[0], gain[1], x, BatchNormMode.EVAL);
          Activation sum = diff.sum(List.of(trace.output(), x), new double[] {1, -1})) {
        List<Activation> results =
            trace.pullBack(List.of(Cotangents.ofSkip(sum, 1), weighted(sum, gain)));
        require(results.size() == 2, "a pull-back was lost");
        results.forEach(Activation::close);
      }
    }
  }

  @Test
  void d11DotsAndSumsAreThoseOfTheirValues() {
    check(
        "D11",
        subject -> {
          Network network = subject.network();
          Differentiation diff = derivatives(network);
          FeatureShape shape = new FeatureShape(3, 16, 17);
          double[] a = Values.random(SEED, 2 * shape.size());
          double[] b = Values.random(SEED + 1, 2 * shape.size());
          // Float32 sums would lose the small products beside this one.
          a[0] = 0x1p20;
          b[0] = 0x1p20;
          double[] expected = new double[2];
          for (int i = 0; i < a.length; i++) {
            expected[i / shape.size()] += a[i] * b[i];
          }
          try (Activation left = network.activation(a, 2, shape);
              Activation right = network.activation(b, 2, shape);
              Activation sum = diff.sum(List.of(left, right, left), new double[] {2, -0.5, 1})) {
            double[] dots = diff.dots(left, right);
            Values.assertClose("dots", dots, expected, 1e-14);
            Values.assertClose(
                "the sum",
                sum.values(),
                Values.sum(Values.scaled(3, a), Values.scaled(-0.5, b)),
                subject.tolerance());
          }
        });
  }

  private static Differentiation derivatives(Network network) {
    return network
        .differentiation()
        .orElseThrow(() -> new AssertionError("the network offers no derivatives"));
  }

  private static String stepText(int block, double[] gain, BatchNormMode mode) {
    return "block "
        + block
        + " with skip gain "
        + gain[0]
        + " and branch gain "
        + gain[1]
        + " in "
        + mode
        + " mode";
  }

  private static double[] forward(
      Network network, BlockInputs inputs, double[] gain, BatchNormMode mode) {
    try (Activation x = inputs.x(network);
        StepTrace trace = derivatives(network).step(inputs.block(), gain[0], gain[1], x, mode)) {
      return trace.output().values();
    }
  }

  private static int[] labels(Subject subject) {
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (i + 1) % subject.architecture().head().classes();
    }
    return labels;
  }

  private static double[] head(
      Subject subject,
      Network network,
      double[] features,
      BatchNormMode mode,
      Function<HeadTrace, double[]> what) {
    try (Activation y = network.activation(features, IMAGES, subject.architecture().finalOutput());
        HeadTrace trace = derivatives(network).head(y, labels(subject), mode)) {
      return what.apply(trace);
    }
  }

  /** The values of activations, which are closed. */
  private static List<double[]> values(List<Activation> activations) {
    try {
      return activations.stream().map(Activation::values).toList();
    } finally {
      activations.forEach(Activation::close);
    }
  }

  /**
   * Compares a gradient with central differences along random directions. One direction feels every
   * coordinate; several make it unlikely that errors cancel.
   */
  private static void checkNumerically(
      String what, double[] x, double h, ToDoubleFunction<double[]> function, double[] gradient) {
    require(
        gradient.length == x.length, what + ": the gradient has " + gradient.length + " values");
    for (int d = 0; d < 3; d++) {
      double[] direction = Values.random(SEED + 50 + d, x.length);
      if (h == PIXEL_STEP) {
        direction = Arrays.stream(direction).map(Math::signum).toArray();
      }
      double[] step = Values.scaled(h, direction);
      double difference =
          (function.applyAsDouble(Values.sum(x, step))
                  - function.applyAsDouble(Values.sum(x, Values.scaled(-1, step))))
              / (2 * h);
      double expected = Values.dot(direction, gradient);
      double scale = Math.max(1, Math.sqrt(Values.dot(gradient, gradient)));
      require(
          Math.abs(difference - expected) <= NUMERICAL_TOLERANCE * scale,
          what
              + ": the gradient along direction "
              + d
              + " is "
              + expected
              + ", central differences give "
              + difference);
    }
  }

  /** Runs a check on networks that compute in float64, if the backend does. */
  private void checkInFloat64(String rule, Check check) {
    check(
        rule,
        subject -> {
          if (subject.network().info().precision() == Precision.FLOAT64) {
            check.run(subject);
          }
        });
  }
}
