package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.HeadPass;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Checks the rules T1 to T14 of {@link TrainingNetwork} on {@link TinyNetworks}, but T10, which
 * binds callers. A backend's own test extends this class and says which backend; a broken rule
 * fails the test of its number, with a message that begins with the rule and names the network.
 */
public abstract class TrainingContractTest {
  private static final long SEED = 20161206;
  private static final int IMAGES = 5;
  private static final double MOMENTUM = 0.3;
  private static final long MEBIBYTE = 1L << 20;

  /** Creates the test. */
  protected TrainingContractTest() {}

  /** {@return the backend under test} */
  protected abstract Backend backend();

  /** {@return the precision to ask for} */
  protected Precision precision() {
    return Precision.FLOAT32;
  }

  /** {@return the options to open networks with} */
  protected ModelOptions options() {
    // Threads that wait for each other on tiny networks only make a busy machine slow.
    return ModelOptions.defaults().withPrecision(precision()).withThreads(1);
  }

  /**
   * {@return how far a result may be from the exact one, relative to the largest value of its
   * tensor}
   *
   * @param computed the precision that the network says it computes in
   */
  protected double tolerance(Precision computed) {
    return switch (computed) {
      case FLOAT64 -> 1e-9;
      case FLOAT32 -> 5e-4;
      case FLOAT16 -> 1e-2;
      case BFLOAT16 -> 6e-2;
    };
  }

  /**
   * {@return the bytes of live native memory, or -1 if unknown; then the Java heap alone is
   * watched}
   */
  protected long liveBytes() {
    return -1;
  }

  /** {@return the tiny networks to check} */
  protected List<Architecture> architectures() {
    return TinyNetworks.all();
  }

  @Test
  void t01StartsWithItsOwnCopy() {
    check(
        "T1",
        BatchNormMode.TRAIN,
        subject -> {
          TrainingNetwork network = subject.network;
          network
              .tensors()
              .forEach((name, values) -> Values.assertExact(name, values, subject.start(name)));
          OptimizerState state = network.optimizerState();
          state
              .momenta()
              .forEach(
                  (name, values) ->
                      Values.assertExact("momentum", values, new double[values.length]));
          require(
              state.momenta().keySet().equals(subject.trainable()),
              "momenta are of " + state.momenta().keySet());
          require(state.squares().isEmpty(), "there are second moments before any update");
          try (Network open = subject.backend.network(subject.weights, subject.options)) {
            double[] before = open.logits(subject.pixels(), IMAGES);
            double unused = subject.step(network, subject.gains(), update(0.5));
            Values.assertSameBits(
                "logits of a network opened before", open.logits(subject.pixels(), IMAGES), before);
          }
          network
              .tensors()
              .forEach(
                  (name, values) -> {
                    // The gradient of a bias before BatchNorm is 0.
                    if (subject.trainable().contains(name) && name.endsWith(".weight")) {
                      require(
                          !Arrays.equals(values, subject.start(name)),
                          name + " was not trained at all");
                    }
                  });
        });
  }

  @Test
  void t02GainsOfEachImage() {
    check(
        "T2",
        BatchNormMode.EVAL,
        subject -> {
          double[] skips = {1, 0.5, 0, 1, -1};
          double[] branches = {0, 1, 2, 0.25, 1};
          for (Block block : subject.architecture().blocks()) {
            BlockInputs inputs = BlockInputs.random(block, IMAGES, SEED + block.number());
            try (Network plain = subject.backend.network(subject.weights, subject.options);
                Activation x = inputs.x(plain);
                Activation trained = inputs.x(subject.network);
                StepPass pass = subject.network.step(block.number(), skips, branches, trained)) {
              double[] all = pass.output().values();
              for (int n = 0; n < IMAGES; n++) {
                try (Activation y = plain.step(block.number(), skips[n], branches[n], x)) {
                  Values.assertClose(
                      "block " + block.number() + ", image " + n,
                      Values.image(all, IMAGES, n),
                      Values.image(y.values(), IMAGES, n),
                      subject.tolerance);
                }
              }
            }
          }
        });
  }

  @Test
  void t02DroppedBranchIsNotComputed() {
    check(
        "T2",
        BatchNormMode.TRAIN,
        subject -> {
          for (Block block : subject.architecture().blocks()) {
            Gains gains = subject.gains();
            gains.branch[block.number() - 1] = new double[] {0};
            gains.skip[block.number() - 1] = new double[] {1};
            TrainingNetwork network = subject.network;
            Map<String, double[]> before = network.tensors();
            double unused = subject.forwardBackward(network, gains);
            Map<String, double[]> gradients = network.gradients();
            network
                .tensors()
                .forEach(
                    (name, values) -> {
                      if (ofBranch(block, name)) {
                        Values.assertExact(name, values, Objects.requireNonNull(before.get(name)));
                        if (gradients.containsKey(name)) {
                          Values.assertExact(
                              "gradient of " + name,
                              Objects.requireNonNull(gradients.get(name)),
                              new double[values.length]);
                        }
                      }
                    });
            network.apply(update(0));
          }
        });
  }

  /** What only the branch has: a shortcut that sees the activated input shares bn1. */
  private static boolean ofBranch(Block block, String name) {
    String prefix = "blocks." + block.number() + ".";
    return name.startsWith(prefix + "conv") || name.startsWith(prefix + "bn2");
  }

  @Test
  void t03RunningStatistics() {
    check(
        "T3",
        BatchNormMode.TRAIN,
        subject -> {
          double unused = subject.forwardBackward(subject.network, subject.gains());
          double unusedToo = subject.forwardBackward(subject.twin, subject.gains());
          Map<String, double[]> expected = subject.twin.tensors();
          subject
              .network
              .tensors()
              .forEach(
                  (name, values) -> {
                    Values.assertClose(
                        name,
                        values,
                        Objects.requireNonNull(expected.get(name)),
                        subject.tolerance);
                    if (name.contains("running_")) {
                      require(!Arrays.equals(values, subject.start(name)), name + " did not move");
                    }
                  });
          subject.checkStemStatistics();
        });
    check(
        "T3",
        BatchNormMode.EVAL,
        subject -> {
          double unused = subject.forwardBackward(subject.network, subject.gains());
          subject
              .network
              .tensors()
              .forEach((name, values) -> Values.assertExact(name, values, subject.start(name)));
        });
  }

  @Test
  void t04LossIsSmoothedCrossEntropy() {
    check(
        "T4",
        BatchNormMode.EVAL,
        subject -> {
          int classes = subject.architecture().head().classes();
          for (double smoothing : new double[] {0, 0.2}) {
            double[] values =
                Values.random(SEED, IMAGES * subject.architecture().finalOutput().size());
            FeatureShape shape = subject.architecture().finalOutput();
            try (Network plain = subject.backend.network(subject.weights, subject.options);
                Activation y = plain.activation(values, IMAGES, shape);
                Activation trained = subject.network.activation(values, IMAGES, shape);
                HeadPass pass = subject.network.head(trained, subject.labels(), smoothing)) {
              double[] logits = pass.logits();
              double loss = 0;
              for (int n = 0; n < IMAGES; n++) {
                double[] row = Values.image(logits, IMAGES, n);
                double sum = Arrays.stream(row).map(Math::exp).sum();
                for (int c = 0; c < classes; c++) {
                  double target =
                      (c == subject.labels()[n] ? 1 - smoothing : 0) + smoothing / classes;
                  loss -= target * (row[c] - Math.log(sum)) / IMAGES;
                }
              }
              Values.assertClose(
                  "loss with smoothing " + smoothing,
                  new double[] {pass.loss()},
                  new double[] {loss},
                  subject.tolerance);
              Values.assertClose("logits", logits, plain.head(y), subject.tolerance);
            }
          }
        });
  }

  /** Against the twin; and where the network computes in float64, against differences of losses. */
  @Test
  void t05GradientsAreThoseOfTheLoss() {
    for (BatchNormMode mode : BatchNormMode.values()) {
      check(
          "T5",
          mode,
          subject -> {
            Precision precision = subject.network.info().precision();
            if (precision != precision.kept() && mode == BatchNormMode.TRAIN) {
              // Statistics of so few values make much of what 16 bits round; T6 checks each block.
              return;
            }
            double unused = subject.forwardBackward(subject.network, subject.gains());
            double unusedToo = subject.forwardBackward(subject.twin, subject.gains());
            Map<String, double[]> gradients = subject.network.gradients();
            Map<String, double[]> expected = subject.twin.gradients();
            require(gradients.keySet().equals(subject.trainable()), "gradients have other names");
            gradients.forEach(
                (name, values) ->
                    Values.assertClose(
                        "gradient of " + name,
                        values,
                        Objects.requireNonNull(expected.get(name)),
                        subject.tolerance));
            if (precision == Precision.FLOAT64) {
              subject.checkByDifferences(gradients);
            }
          });
    }
  }

  @Test
  void t06PullingBackAndAddingIsBackward() {
    check(
        "T6",
        BatchNormMode.TRAIN,
        subject -> {
          for (Block block : subject.architecture().blocks()) {
            BlockInputs inputs = BlockInputs.random(block, IMAGES, SEED + block.number());
            double[] skips = {1, 0.5, 0, 1, -1};
            double[] branches = {0.5, 1, 0, 2, 1};
            try (Activation x = inputs.x(subject.network);
                StepPass pass = subject.network.step(block.number(), skips, branches, x);
                Activation v =
                    subject.network.activation(
                        Values.random(SEED, pass.output().values().length),
                        IMAGES,
                        block.output());
                Activation whole = pass.backward(v)) {
              Map<String, double[]> gradients = subject.network.gradients();
              subject.network.apply(update(0));
              // A second pass, for parameters have been "updated" by nothing.
              try (StepPass again = subject.network.step(block.number(), skips, branches, x)) {
                List<Activation> parts =
                    again.pullBack(
                        List.of(
                            new Cotangents(v, 1, v, 1),
                            Cotangents.ofSkip(v, 2),
                            Cotangents.ofBranch(v, -3)));
                Values.assertClose(
                    "block " + block.number() + ", both sides",
                    parts.get(0).values(),
                    whole.values(),
                    subject.tolerance);
                Values.assertClose(
                    "block " + block.number() + ", side by side",
                    Values.sum(
                        Values.scaled(0.5, parts.get(1).values()),
                        Values.scaled(-1.0 / 3, parts.get(2).values())),
                    whole.values(),
                    subject.tolerance);
                parts.forEach(Activation::close);
                subject
                    .network
                    .gradients()
                    .forEach(
                        (name, values) ->
                            Values.assertExact(
                                "gradient of " + name + " after pullBack",
                                values,
                                new double[values.length]));
                again.addParameterGradient(Cotangents.ofSkip(v, 1));
                again.addParameterGradient(Cotangents.ofBranch(v, 1));
                subject
                    .network
                    .gradients()
                    .forEach(
                        (name, values) ->
                            Values.assertClose(
                                "gradient of " + name,
                                values,
                                Objects.requireNonNull(gradients.get(name)),
                                subject.tolerance));
                subject.network.apply(update(0));
              }
            }
          }
        });
  }

  @Test
  void t07UpdatesAreThoseOfPyTorch() {
    checkUpdates(
        update(Optimizer.sgd(0.9, 0.01), 0.1, Double.POSITIVE_INFINITY, Set.of()),
        update(Optimizer.nesterov(0.9, 0.01), 0.01, Double.POSITIVE_INFINITY, Set.of()),
        update(Optimizer.nesterov(0.5, 0), 0.1, 0.25, Set.of(1)),
        update(Optimizer.sgd(0, 0.1), 0.1, 0.25, Set.of()));
    // A block that rests has seen fewer updates than others from then on.
    checkUpdates(
        update(Optimizer.adamW(0.1), 0.01, Double.POSITIVE_INFINITY, Set.of()),
        update(new Optimizer.AdamW(0.8, 0.9, 0.05, 0), 0.02, 0.25, Set.of(1)),
        update(new Optimizer.AdamW(0.5, 0.75, 0.1, 0.5), 0.01, 0.25, Set.of()),
        update(new Optimizer.AdamW(0, 0, 1e-3, 0.1), 0.01, 0.5, Set.of()));
  }

  private void checkUpdates(ParameterUpdate... updates) {
    check(
        "T7",
        BatchNormMode.TRAIN,
        subject -> {
          TrainingNetwork network = subject.network;
          for (ParameterUpdate update : updates) {
            double unused = subject.forwardBackward(network, subject.gains());
            checkUpdate(subject, update);
            checkUpdate(subject, update);
          }
        });
  }

  /** Without a new gradient, too, for momentum and weight decay go on. */
  private static void checkUpdate(Subject subject, ParameterUpdate update) {
    TrainingNetwork network = subject.network;
    Map<String, double[]> gradients = network.gradients();
    Map<String, double[]> before = network.tensors();
    OptimizerState state = network.optimizerState();
    network.apply(update);
    double norm =
        Math.sqrt(
            gradients.values().stream().flatMapToDouble(Arrays::stream).map(g -> g * g).sum());
    double clip = Math.min(1, update.clipNorm() / (norm + 1e-6));
    Map<String, double[]> after = network.tensors();
    OptimizerState stateAfter = network.optimizerState();
    for (ParameterSpec parameter : subject.architecture().parameters()) {
      String name = parameter.name();
      if (!parameter.role().trainable()) {
        continue;
      }
      double[] w = Objects.requireNonNull(before.get(name));
      double[] m = Objects.requireNonNull(state.momenta().get(name));
      double[] v = state.squares().getOrDefault(name, new double[w.length]);
      double[] g = Objects.requireNonNull(gradients.get(name));
      long count = state.updates().isEmpty() ? 0 : state.updates().get(parameter.block());
      if (!update.restingBlocks().contains(parameter.block())) {
        count++;
        for (int i = 0; i < w.length; i++) {
          if (update.optimizer() instanceof Optimizer.Sgd sgd) {
            double d = clip * g[i] + sgd.weightDecay() * w[i];
            m[i] = sgd.momentum() * m[i] + d;
            w[i] -= update.learningRate() * (sgd.nesterov() ? d + sgd.momentum() * m[i] : m[i]);
          } else {
            Optimizer.AdamW rule = (Optimizer.AdamW) update.optimizer();
            // Kernels and matrices alone: what has rows and columns, and is no token or position.
            boolean decays =
                parameter.shape().size() > 1 && parameter.role() != ParameterSpec.Role.EMBEDDING;
            double rate = update.learningRate();
            w[i] -= decays ? rate * rule.weightDecay() * w[i] : 0;
            m[i] += (1 - rule.beta1()) * (clip * g[i] - m[i]);
            v[i] += (1 - rule.beta2()) * (clip * g[i] * clip * g[i] - v[i]);
            double mean = m[i] / (1 - Math.pow(rule.beta1(), (double) count));
            double square = v[i] / (1 - Math.pow(rule.beta2(), (double) count));
            w[i] -= rate * mean / (Math.sqrt(square) + rule.epsilon());
          }
        }
      }
      String what = name + " after " + update;
      double tolerance = network.info().precision() == Precision.FLOAT64 ? 1e-13 : 1e-6;
      Values.assertClose(what, Objects.requireNonNull(after.get(name)), w, tolerance);
      Values.assertClose(
          "momentum of " + what,
          Objects.requireNonNull(stateAfter.momenta().get(name)),
          m,
          tolerance);
      if (update.optimizer() instanceof Optimizer.AdamW) {
        Values.assertClose(
            "second moment of " + what,
            Objects.requireNonNull(stateAfter.squares().get(name)),
            v,
            tolerance);
        long counted = stateAfter.updates().get(parameter.block());
        require(counted == count, what + " took part in " + count + " updates, not " + counted);
      }
    }
    network
        .gradients()
        .forEach(
            (name, values) ->
                Values.assertExact("gradient after an update", values, new double[values.length]));
  }

  @Test
  void t08RestoredItContinuesWithTheSameBits() {
    for (ParameterUpdate update : List.of(update(0.1), adamW(0.01))) {
      check(
          "T8",
          BatchNormMode.TRAIN,
          subject -> {
            TrainingNetwork network = subject.network;
            for (int i = 0; i < 2; i++) {
              double unused = subject.step(network, subject.gains(), update);
            }
            try (TrainingNetwork restored =
                subject.open(new ShiftedWeights(subject.weights, network.tensors()))) {
              restored.restore(network.optimizerState());
              double loss = subject.step(network, subject.gains(), update);
              double again = subject.step(restored, subject.gains(), update);
              require(loss == again, "the next loss is " + loss + " and " + again);
              sameBits(network.tensors(), restored.tensors());
              OptimizerState state = network.optimizerState();
              OptimizerState same = restored.optimizerState();
              sameBits(state.momenta(), same.momenta());
              sameBits(state.squares(), same.squares());
              require(
                  state.updates().equals(same.updates()),
                  "updates are " + state.updates() + " and " + same.updates());
            }
            checkBadStates(subject);
          });
    }
  }

  private static void checkBadStates(Subject subject) {
    TrainingNetwork network = subject.network;
    OptimizerState state = network.optimizerState();
    String first = subject.trainable().iterator().next();
    Map<String, double[]> incomplete = new LinkedHashMap<>(state.momenta());
    incomplete.remove(first);
    Map<String, double[]> shortened = new LinkedHashMap<>(state.momenta());
    shortened.put(first, new double[0]);
    List<OptimizerState> bad = new ArrayList<>();
    bad.add(new OptimizerState(incomplete, Map.of(), List.of()));
    bad.add(new OptimizerState(shortened, Map.of(), List.of()));
    if (!state.squares().isEmpty()) {
      bad.add(new OptimizerState(state.momenta(), incomplete, state.updates()));
      bad.add(new OptimizerState(state.momenta(), shortened, state.updates()));
      bad.add(new OptimizerState(state.momenta(), state.squares(), List.of(1L)));
    }
    for (int i = 0; i < bad.size(); i++) {
      OptimizerState wrong = bad.get(i);
      refused("state " + i + " that does not fit", doing(() -> network.restore(wrong)));
    }
  }

  @Test
  void t09SameCallsSameBits() {
    check(
        "T9",
        BatchNormMode.TRAIN,
        subject -> {
          if (!subject.network.info().device().equals("cpu")) {
            return;
          }
          try (TrainingNetwork again = subject.open(subject.weights)) {
            for (ParameterUpdate update : List.of(update(0.1), update(0.1), adamW(0.01))) {
              double loss = subject.step(subject.network, subject.gains(), update);
              double same = subject.step(again, subject.gains(), update);
              require(loss == same, "the losses are " + loss + " and " + same);
            }
            sameBits(subject.network.tensors(), again.tensors());
          }
        });
  }

  private static void sameBits(Map<String, double[]> actual, Map<String, double[]> expected) {
    require(actual.keySet().equals(expected.keySet()), "the names differ");
    actual.forEach(
        (name, values) ->
            Values.assertSameBits(name, values, Objects.requireNonNull(expected.get(name))));
  }

  @Test
  void t11WrongArgumentsAreRefused() {
    check(
        "T11",
        BatchNormMode.TRAIN,
        subject -> {
          TrainingNetwork network = subject.network;
          Block block = subject.architecture().block(1);
          BlockInputs inputs = BlockInputs.random(block, IMAGES, SEED);
          double[] one = {1};
          try (Activation x = inputs.x(network);
              Activation last =
                  network.activation(
                      Values.random(SEED, IMAGES * subject.architecture().finalOutput().size()),
                      IMAGES,
                      subject.architecture().finalOutput())) {
            refused("too few pixels", () -> network.stem(new float[7], IMAGES));
            refused("block 0", () -> network.step(0, one, one, x));
            refused("two gains", () -> network.step(1, one, new double[2], x));
            refused("a NaN gain", () -> network.step(1, new double[] {Double.NaN}, one, x));
            refused("too few labels", () -> network.head(last, new int[1], 0));
            int[] labels = subject.labels();
            labels[2] = subject.architecture().head().classes();
            refused("a label too large", () -> network.head(last, labels, 0));
            refused("smoothing 1", () -> network.head(last, subject.labels(), 1));
            double[][] dropout = subject.dropout();
            refused(
                "dropout of one layer more",
                () ->
                    network.head(
                        last, subject.labels(), 0, new double[dropout.length + 1][IMAGES]));
            for (double wrong : new double[] {Double.NaN, -1}) {
              if (dropout.length > 0) {
                dropout[0][0] = wrong;
                refused(
                    "a factor of dropout of " + wrong,
                    () -> network.head(last, subject.labels(), 0, dropout));
              }
            }
            if (dropout.length > 0) {
              dropout[0] = new double[7];
              refused(
                  "too few factors of dropout",
                  () -> network.head(last, subject.labels(), 0, dropout));
            }
            refused(
                "block 99",
                doing(() -> network.apply(update(Optimizer.sgd(0, 0), 0.1, 1, Set.of(99)))));
          }
        });
  }

  @Test
  void t12ClosedAndOutdatedPassesAreRefused() {
    check(
        "T12",
        BatchNormMode.TRAIN,
        subject -> {
          TrainingNetwork network = subject.network;
          StemPass stem = network.stem(subject.pixels(), IMAGES);
          StepPass first = network.step(1, new double[] {1}, new double[] {1}, stem.output());
          try (Activation v =
              network.activation(
                  Values.random(SEED, first.output().values().length),
                  IMAGES,
                  subject.architecture().block(1).output())) {
            stem.close();
            stem.close();
            try (Activation pulled = first.backward(v)) {
              require(pulled.images() == IMAGES, "images were lost");
              closed("a closed stem", doing(() -> stem.backward(pulled)));
            }
            network.apply(update(0.1));
            closed("a pass before an update", () -> first.backward(v));
            first.close();
            first.close();
            closed("a closed pass", () -> first.backward(v));
            network.close();
            network.close();
            closed("a closed network", () -> network.stem(subject.pixels(), IMAGES));
            closed("a closed network's tensors", network::tensors);
            closed("a closed network's update", doing(() -> network.apply(update(0.1))));
          }
        });
  }

  @Test
  void t13MemoryIsFlat() {
    check(
        "T13",
        List.of(architectures().get(0)),
        BatchNormMode.TRAIN,
        subject -> {
          churn(subject, 100);
          // The JVM's own memory comes in jumps; a leak grows in every round.
          long heap = Long.MAX_VALUE;
          long live = Long.MAX_VALUE;
          for (int round = 0;
              round < 3 && (heap >= 8 * MEBIBYTE || live >= 4 * MEBIBYTE);
              round++) {
            long heapBefore = Memory.usedHeap();
            long liveBefore = liveBytes();
            churn(subject, 400);
            heap = Math.min(heap, Memory.usedHeap() - heapBefore);
            live = Math.min(live, liveBytes() - liveBefore);
          }
          require(heap < 8 * MEBIBYTE, "the heap grew by " + heap + " bytes in 400 steps");
          require(live < 4 * MEBIBYTE, "native memory grew by " + live + " bytes in 400 steps");
        });
  }

  @Test
  void t14DropsWhatItIsTold() {
    check(
        "T14",
        architectures().stream()
            .filter(
                architecture ->
                    architecture.headLayers().stream()
                        .anyMatch(placed -> placed.layer() instanceof Layer.Dropout))
            .toList(),
        BatchNormMode.EVAL,
        subject -> {
          FeatureShape shape = subject.architecture().finalOutput();
          double[] values = Values.random(SEED, IMAGES * shape.size());
          double[][] none = new double[0][];
          double[] whole = subject.logitsOfHead(values, none);
          try (Network plain = subject.backend.network(subject.weights, subject.options);
              Activation y = plain.activation(values, IMAGES, shape)) {
            Values.assertClose("logits without factors", whole, plain.head(y), subject.tolerance);
          }
          double[] dropped = subject.logitsOfHead(values, subject.dropout());
          require(!Arrays.equals(dropped, whole), "factors change nothing");
          Values.assertClose(
              "logits", dropped, subject.headByHand(values, subject.dropout()), subject.tolerance);
          for (double[][] dropout : List.of(none, subject.dropout())) {
            subject.checkBackwardOfHead(values, dropout);
          }
        });
  }

  private static void churn(Subject subject, int steps) {
    for (int i = 0; i < steps; i++) {
      double unused =
          subject.step(subject.network, subject.gains(), i % 2 == 0 ? update(1e-4) : adamW(1e-4));
    }
  }

  private static ParameterUpdate update(double rate) {
    return new ParameterUpdate(Optimizer.nesterov(0.9, 0), rate);
  }

  private static ParameterUpdate adamW(double rate) {
    return new ParameterUpdate(Optimizer.adamW(0.1), rate);
  }

  private static ParameterUpdate update(
      Optimizer optimizer, double rate, double clipNorm, Set<Integer> resting) {
    return new ParameterUpdate(optimizer, rate, clipNorm, resting);
  }

  /** The gains of every block. */
  private static final class Gains {
    final double[][] skip;
    final double[][] branch;

    Gains(Architecture architecture) {
      skip = new double[architecture.size()][];
      branch = new double[architecture.size()][];
      for (Block block : architecture.blocks()) {
        boolean plain = block.spec().plain();
        boolean each = block.number() % 2 == 0;
        skip[block.number() - 1] =
            plain ? new double[] {0} : each ? new double[] {1, 1, 0.5, 1, 1} : new double[] {1};
        branch[block.number() - 1] =
            each ? new double[] {1, 0, 2, 1, 0.5} : new double[] {block.spec().gain()};
      }
    }
  }

  /** One tiny network under test beside its twin on the reference backend. */
  private static final class Subject {
    final Backend backend;
    final ModelOptions options;
    final BatchNormMode mode;
    final Weights weights;
    final TrainingNetwork network;
    final TrainingNetwork twin;
    final double tolerance;

    Subject(
        Backend backend,
        ModelOptions options,
        BatchNormMode mode,
        Weights weights,
        TrainingNetwork network,
        TrainingNetwork twin,
        double tolerance) {
      this.backend = backend;
      this.options = options;
      this.mode = mode;
      this.weights = weights;
      this.network = network;
      this.twin = twin;
      this.tolerance = tolerance;
    }

    Architecture architecture() {
      return weights.architecture();
    }

    TrainingNetwork open(Weights other) {
      return backend.training(other, new TrainingOptions(options, mode, MOMENTUM));
    }

    double[] start(String name) {
      return Objects.requireNonNull(weights.tensors().get(name), name).doubles();
    }

    Set<String> trainable() {
      Set<String> names = new java.util.LinkedHashSet<>();
      for (ParameterSpec parameter : architecture().parameters()) {
        if (parameter.role().trainable()) {
          names.add(parameter.name());
        }
      }
      return names;
    }

    Gains gains() {
      return new Gains(architecture());
    }

    float[] pixels() {
      return Values.randomPixels(SEED, IMAGES * architecture().input().paddedShape().size());
    }

    /** What the head's dropout layers multiply by. */
    double[][] dropout() {
      Random random = new Random(SEED);
      return architecture().headLayers().stream()
          .filter(placed -> placed.layer() instanceof Layer.Dropout)
          .map(
              placed ->
                  random
                      .doubles((long) IMAGES * placed.input().size())
                      .map(draw -> draw < 0.4 ? 0 : 1 / 0.6)
                      .toArray())
          .toArray(double[][]::new);
    }

    int[] labels() {
      int classes = architecture().head().classes();
      int[] labels = new int[IMAGES];
      Arrays.setAll(labels, n -> (n + 1) % classes);
      return labels;
    }

    double step(TrainingNetwork on, Gains gains, ParameterUpdate update) {
      double loss = forwardBackward(on, gains);
      on.apply(update);
      return loss;
    }

    double forwardBackward(TrainingNetwork on, Gains gains) {
      Deque<StepPass> passes = new ArrayDeque<>();
      try (StemPass stem = on.stem(pixels(), IMAGES)) {
        Activation y = stem.output();
        for (int i = 0; i < gains.skip.length; i++) {
          passes.push(on.step(i + 1, gains.skip[i], gains.branch[i], y));
          y = passes.element().output();
        }
        try (HeadPass head = on.head(y, labels(), 0.1, dropout())) {
          Activation v = head.backward();
          while (!passes.isEmpty()) {
            try (StepPass pass = passes.pop()) {
              Activation next = pass.backward(v);
              v.close();
              v = next;
            }
          }
          stem.backward(v);
          v.close();
          return head.loss();
        }
      } finally {
        passes.forEach(StepPass::close);
      }
    }

    double[] logitsOfHead(double[] values, double[][] dropout) {
      try (Activation y = network.activation(values, IMAGES, architecture().finalOutput());
          HeadPass pass = network.head(y, labels(), 0.1, dropout)) {
        return pass.logits();
      }
    }

    /** Each image on its own, layer by layer, of the kinds that a head with dropout here has. */
    double[] headByHand(double[] values, double[][] dropout) {
      double[] logits = new double[IMAGES * architecture().head().classes()];
      for (int n = 0; n < IMAGES; n++) {
        double[] x = Values.image(values, IMAGES, n);
        int dropouts = 0;
        for (PlacedLayer placed : architecture().headLayers()) {
          if (placed.layer() instanceof Layer.Dropout) {
            double[] factors = Values.image(dropout[dropouts++], IMAGES, n);
            double[] in = x;
            x = IntStream.range(0, in.length).mapToDouble(i -> in[i] * factors[i]).toArray();
          } else if (placed.layer() instanceof Layer.Relu) {
            x = Arrays.stream(x).map(value -> Math.max(0, value)).toArray();
          } else if (placed.layer() instanceof Layer.Linear) {
            x = linear(x, start(placed.tensor("weight")), start(placed.tensor("bias")));
          } else {
            require(placed.layer() instanceof Layer.Flatten, "no formula for " + placed.layer());
          }
        }
        System.arraycopy(x, 0, logits, n * x.length, x.length);
      }
      return logits;
    }

    private static double[] linear(double[] x, double[] weight, double[] bias) {
      double[] y = bias.clone();
      for (int i = 0; i < weight.length; i++) {
        y[i / x.length] += weight[i] * x[i % x.length];
      }
      return y;
    }

    /** The cotangent and the parameters' gradients against the twin's. */
    void checkBackwardOfHead(double[] values, double[][] dropout) {
      FeatureShape shape = architecture().finalOutput();
      try (Activation y = network.activation(values, IMAGES, shape);
          HeadPass pass = network.head(y, labels(), 0.1, dropout);
          Activation cotangent = pass.backward();
          Activation yOfTwin = twin.activation(values, IMAGES, shape);
          HeadPass passOfTwin = twin.head(yOfTwin, labels(), 0.1, dropout);
          Activation expected = passOfTwin.backward()) {
        Values.assertClose(
            "cotangent at the head's input", cotangent.values(), expected.values(), tolerance);
      }
      Map<String, double[]> gradients = network.gradients();
      twin.gradients()
          .forEach(
              (name, gradient) ->
                  Values.assertClose(
                      "gradient of " + name,
                      Objects.requireNonNull(gradients.get(name)),
                      gradient,
                      tolerance));
      network.apply(update(0));
      twin.apply(update(0));
    }

    /** Along one random direction of all parameters together. */
    void checkByDifferences(Map<String, double[]> gradients) {
      Random random = new Random(SEED);
      // So small that hardly any ReLU is crossed.
      double step = 1e-7;
      List<Map<String, double[]>> shifted = new ArrayList<>();
      shifted.add(new LinkedHashMap<>());
      shifted.add(new LinkedHashMap<>());
      double expected = 0;
      for (String name : trainable()) {
        double[] up = start(name);
        double[] down = start(name);
        double[] gradient = Objects.requireNonNull(gradients.get(name));
        for (int i = 0; i < up.length; i++) {
          double direction = random.nextGaussian();
          up[i] += step * direction;
          down[i] -= step * direction;
          expected += gradient[i] * direction;
        }
        shifted.get(0).put(name, up);
        shifted.get(1).put(name, down);
      }
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        try (TrainingNetwork other = open(new ShiftedWeights(weights, shifted.get(side)))) {
          losses[side] = forwardBackward(other, gains());
        }
      }
      Values.assertClose(
          "slope of the loss in " + mode,
          new double[] {(losses[0] - losses[1]) / (2 * step)},
          new double[] {expected},
          1e-4);
    }

    /** By the definition, from what the stem's BatchNorm sees where there is one convolution. */
    void checkStemStatistics() {
      if (!architecture().stem().batchNorm()) {
        return;
      }
      double[] mean = start("stem.bn.running_mean");
      double[] after = Objects.requireNonNull(network.tensors().get("stem.bn.running_mean"));
      Map<String, double[]> nextTensors;
      double unused = forwardBackward(network, gains());
      nextTensors = network.tensors();
      double[] next = Objects.requireNonNull(nextTensors.get("stem.bn.running_mean"));
      for (int c = 0; c < mean.length; c++) {
        double batch = (after[c] - (1 - MOMENTUM) * mean[c]) / MOMENTUM;
        Values.assertClose(
            "stem.bn.running_mean after a second pass",
            new double[] {next[c]},
            new double[] {(1 - MOMENTUM) * after[c] + MOMENTUM * batch},
            tolerance);
      }
    }
  }

  private void check(String rule, BatchNormMode mode, Check check) {
    check(rule, architectures(), mode, check);
  }

  /** Runs a check on networks; whatever it throws becomes a failure that names the rule. */
  private void check(
      String rule, List<Architecture> architectures, BatchNormMode mode, Check check) {
    Backend backend = backend();
    ModelOptions options = options();
    ModelOptions exact = ModelOptions.defaults().withDevice("cpu").withPrecision(Precision.FLOAT64);
    for (Architecture architecture : architectures) {
      String where = rule + ": " + backend.name() + ", " + architecture.name() + ": ";
      RandomWeights weights = new RandomWeights(architecture, SEED);
      try (TrainingNetwork network =
              backend.training(weights, new TrainingOptions(options, mode, MOMENTUM));
          TrainingNetwork twin =
              Backends.load("reference")
                  .training(weights, new TrainingOptions(exact, mode, MOMENTUM))) {
        double tolerance = tolerance(network.info().precision());
        check.run(new Subject(backend, options, mode, weights, network, twin, tolerance));
      } catch (AssertionError e) {
        throw new AssertionError(where + e.getMessage(), e);
      } catch (RuntimeException e) {
        throw new AssertionError(where + "a call threw " + e, e);
      }
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  private static void refused(String what, Supplier<?> call) {
    requireThrown(what, call, IllegalArgumentException.class);
  }

  private static void closed(String what, Supplier<?> call) {
    requireThrown(what, call, IllegalStateException.class);
  }

  private static void requireThrown(
      String what, Supplier<?> call, Class<? extends RuntimeException> expected) {
    try {
      Object unused = call.get();
    } catch (RuntimeException e) {
      require(
          expected.isInstance(e),
          what + " threw " + e + " instead of an " + expected.getSimpleName());
      return;
    }
    throw new AssertionError(what + " did not throw an " + expected.getSimpleName());
  }

  private static Supplier<Boolean> doing(Runnable call) {
    return () -> {
      call.run();
      return true;
    };
  }

  /** A rule's check on one network. */
  @FunctionalInterface
  private interface Check {
    void run(Subject subject);
  }
}
