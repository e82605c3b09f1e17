package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Checks the rules R1 to R15 of {@link Network} on {@link TinyNetworks}. A backend's own test
 * extends this class and says which backend; a broken rule fails the test of its number, with a
 * message that begins with the rule and names the network, the block and the call.
 */
public abstract class NetworkContractTest extends ContractTest {

  /** Creates the test. */
  protected NetworkContractTest() {}

  @Test
  void r01StepIsPostOfTheWeightedSumForAllGains() {
    double[][] gains = {{1, 1}, {0.5, -2}, {-1.25, 0.75}, {2, 0.125}, {1, 0}, {0, 1}, {0, -0.5}};
    check(
        "R1",
        subject -> {
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (double[] gain : gains) {
              Operation step = Operation.step(gain[0], gain[1]);
              Values.assertClose(
                  "block " + inputs.block() + ", " + step.text(),
                  step.values(subject.network(), inputs),
                  step.values(subject.twin(), inputs),
                  subject.tolerance());
            }
          }
        });
  }

  @Test
  void r02SideOfGainZeroIsNotComputed() {
    double[] gains = {1, 0.75, -1.5};
    check(
        "R2",
        subject -> {
          for (BlockInputs clean : subject.inputs(IMAGES, SEED)) {
            // A NaN in the input spreads to all neighbouring pixels in the branch only.
            for (BlockInputs inputs : List.of(clean, clean.withFirst(Double.NaN))) {
              for (double gain : gains) {
                checkBranchIsLeftOut(subject, inputs, gain);
                checkSkipIsLeftOut(subject, inputs, gain);
              }
            }
            checkGivenSideIsLeftOut(subject, clean);
          }
        });
  }

  private static void checkBranchIsLeftOut(Subject subject, BlockInputs inputs, double gain) {
    Network network = subject.network();
    int block = inputs.block();
    try (Activation x = inputs.x(network);
        Activation step = network.step(block, gain, 0, x);
        Activation skip = network.skip(block, x);
        Activation scaled =
            network.activation(Values.scaled(gain, skip.values()), inputs.images(), skip.shape());
        Activation expected = network.post(block, scaled)) {
      assertLeftOut(
          subject,
          "block " + block + " with branch gain 0 and skip gain " + gain,
          step.values(),
          expected.values());
    }
  }

  private static void checkSkipIsLeftOut(Subject subject, BlockInputs inputs, double gain) {
    Network network = subject.network();
    int block = inputs.block();
    try (Activation x = inputs.x(network);
        Activation step = network.step(block, 0, gain, x);
        Activation branch = network.branch(block, x);
        Activation scaled =
            network.activation(
                Values.scaled(gain, branch.values()), inputs.images(), branch.shape());
        Activation expected = network.post(block, scaled)) {
      assertLeftOut(
          subject,
          "block " + block + " with skip gain 0 and branch gain " + gain,
          step.values(),
          expected.values());
    }
  }

  /** A network may round a side once more where it is asked for, but for one in float64. */
  private static void assertLeftOut(
      Subject subject, String what, double[] actual, double[] expected) {
    if (subject.isInexact() || subject.network().info().precision() == Precision.FLOAT32) {
      Values.assertClose(what, actual, expected, subject.tolerance());
    } else {
      Values.assertExact(what, actual, expected);
    }
  }

  private static void checkGivenSideIsLeftOut(Subject subject, BlockInputs clean) {
    Network network = subject.network();
    int block = clean.block();
    BlockInputs dirty = clean.withFirst(Double.NaN);
    try (Activation x = clean.x(network);
        Activation b = clean.b(network);
        Activation nanX = dirty.x(network);
        Activation nanB = dirty.b(network);
        Activation skip = network.skip(block, x);
        Activation postSkip = network.post(block, skip);
        Activation postB = network.post(block, b);
        Activation withoutB = network.step(block, 1, 0, x, nanB);
        Activation withoutSkip = network.step(block, 0, 1, nanX, b)) {
      assertLeftOut(
          subject,
          "block " + block + " with branch gain 0 and a NaN in the given branch output",
          withoutB.values(),
          postSkip.values());
      Values.assertExact(
          "block " + block + " with skip gain 0, a given branch output and a NaN in the input",
          withoutSkip.values(),
          postB.values());
    }
  }

  @Test
  void r03GivenBranchOutputIsAddedAsItIs() {
    double[][] gains = {{1, 1}, {0.5, -2}, {0, 1}, {0, 0.75}, {1, 0}};
    check(
        "R3",
        subject -> {
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (double[] gain : gains) {
              checkGivenBranch(subject, inputs, gain[0], gain[1], true);
              checkGivenBranch(subject, inputs, gain[0], gain[1], false);
            }
          }
        });
  }

  private static void checkGivenBranch(
      Subject subject, BlockInputs inputs, double skipGain, double branchGain, boolean one) {
    Network network = subject.network();
    int block = inputs.block();
    int images = inputs.images();
    double[] given =
        one ? Values.repeated(Values.image(inputs.bValues(), images, 0), images) : inputs.bValues();
    try (Activation x = inputs.x(network);
        Activation b = one ? inputs.firstB(network) : inputs.b(network);
        Activation step = network.step(block, skipGain, branchGain, x, b);
        Activation skip = network.skip(block, x);
        Activation sum =
            network.activation(
                Values.sum(
                    Values.scaled(skipGain, skip.values()), Values.scaled(branchGain, given)),
                images,
                skip.shape());
        Activation expected = network.post(block, sum)) {
      Values.assertClose(
          "block "
              + block
              + " with skip gain "
              + skipGain
              + ", branch gain "
              + branchGain
              + " and a branch output given for "
              + (one ? "one image" : "all images"),
          step.values(),
          expected.values(),
          subject.tolerance());
    }
  }

  @Test
  void r04SkipBranchAndPostAreAlone() {
    check(
        "R4",
        subject -> {
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (Operation operation : Operation.all().subList(7, 10)) {
              Values.assertClose(
                  operation.text() + " of block " + inputs.block(),
                  operation.values(subject.network(), inputs),
                  operation.values(subject.twin(), inputs),
                  subject.tolerance());
            }
          }
        });
  }

  @Test
  void r05InputsAreNeitherChangedNorFreedAndResultsOutliveThem() {
    check(
        "R5",
        subject -> {
          Network network = subject.network();
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            for (Operation operation : Operation.all()) {
              try (Activation x = inputs.x(network);
                  Activation b = inputs.b(network);
                  Activation sum = inputs.sum(network)) {
                checkOwnership(
                    "block " + inputs.block() + ", " + operation.text(),
                    () -> operation.call().run(network, inputs.block(), x, b, sum),
                    List.of(x, b, sum));
              }
            }
          }
          checkHeadOwnership(subject);
          float[] pixels = subject.pixels(IMAGES, SEED);
          float[] before = pixels.clone();
          network.stem(pixels, IMAGES).close();
          double[] unused = network.logits(pixels, IMAGES);
          require(
              Arrays.equals(pixels, before) && unused.length > 0,
              "stem or logits changed the pixels they were given");
        });
  }

  private static void checkOwnership(String what, ActivationSource call, List<Activation> inputs) {
    List<double[]> before = inputs.stream().map(Activation::values).toList();
    try (Activation result = call.get()) {
      double[] values = result.values();
      for (int i = 0; i < inputs.size(); i++) {
        try {
          Values.assertSameBits(
              what + " changed an activation that it was given",
              inputs.get(i).values(),
              before.get(i));
        } catch (RuntimeException e) {
          throw new AssertionError(what + " freed an activation that it was given: " + e, e);
        }
      }
      inputs.forEach(Activation::close);
      try {
        Values.assertSameBits(
            what + ": the result changed when the inputs were closed", result.values(), values);
      } catch (RuntimeException e) {
        throw new AssertionError(
            what + ": the result is unusable once the inputs are closed: " + e, e);
      }
    }
  }

  private static void checkHeadOwnership(Subject subject) {
    Network network = subject.network();
    FeatureShape shape = subject.architecture().finalOutput();
    double[] features = subject.finalFeatures(IMAGES, SEED);
    try (Activation y = network.activation(features, IMAGES, shape)) {
      double[] before = y.values();
      double[] first = network.head(y);
      Values.assertSameBits("head changed its input", y.values(), before);
      Values.assertSameBits("head gave other logits a second time", network.head(y), first);
    }
  }

  @Test
  void r06CallsAreDeterministic() {
    check(
        "R6",
        subject -> {
          Map<String, double[]> first = everyCall(subject, subject.network());
          Map<String, double[]> second = everyCall(subject, subject.network());
          first.forEach(
              (call, values) ->
                  Values.assertSameBits(
                      call + ", run a second time", second.getOrDefault(call, values), values));
          try (Network again =
              open(backend(), new RandomWeights(subject.architecture(), SEED), options())) {
            Map<String, double[]> fresh = everyCall(subject, again);
            first.forEach(
                (call, values) ->
                    Values.assertSameBits(
                        call + ", on a network opened again",
                        fresh.getOrDefault(call, values),
                        values));
          }
        });
  }

  @Test
  void r07StatisticsAreFrozen() {
    check(
        "R7",
        subject -> {
          Network network = subject.network();
          Map<String, double[]> early = everyCall(subject, network);
          for (BlockInputs inputs : subject.inputs(1, SEED)) {
            BlockInputs loud = BlockInputs.random(block(subject, inputs.block()), IMAGES, SEED + 7);
            for (Operation operation : Operation.all()) {
              double[] alone = operation.values(network, inputs);
              for (BlockInputs others : List.of(loud, loud.withFirst(Double.NaN))) {
                double[] together = operation.values(network, inputs.withNeighbours(others));
                Values.assertClose(
                    "block "
                        + inputs.block()
                        + ", "
                        + operation.text()
                        + ": an image depends on its neighbours in the batch",
                    Values.image(together, 1 + IMAGES, 0),
                    alone,
                    subject.tolerance());
              }
            }
          }
          checkPixelNeighbours(subject);
          for (int i = 0; i < 20; i++) {
            double[] unused = network.logits(subject.pixels(IMAGES, SEED + i), IMAGES);
            require(unused.length > 0, "there are no logits");
          }
          Map<String, double[]> late = everyCall(subject, network);
          early.forEach(
              (call, values) ->
                  Values.assertClose(
                      call + " depends on earlier calls",
                      late.getOrDefault(call, values),
                      values,
                      subject.tolerance()));
        });
  }

  private static void checkPixelNeighbours(Subject subject) {
    Network network = subject.network();
    float[] batch = subject.pixels(IMAGES, SEED);
    float[] one = Arrays.copyOf(batch, batch.length / IMAGES);
    Values.assertClose(
        "stem: an image depends on its neighbours in the batch",
        Values.image(subject.stem(network, batch, IMAGES), IMAGES, 0),
        subject.stem(network, one, 1),
        subject.tolerance());
    Values.assertClose(
        "logits: an image depends on its neighbours in the batch",
        Values.image(network.logits(batch.clone(), IMAGES), IMAGES, 0),
        network.logits(one, 1),
        10 * subject.tolerance());
    double[] features = subject.finalFeatures(IMAGES, SEED);
    Values.assertClose(
        "head: an image depends on its neighbours in the batch",
        Values.image(subject.head(network, features, IMAGES), IMAGES, 0),
        subject.head(network, Values.image(features, IMAGES, 0), 1),
        subject.tolerance());
  }

  @Test
  void r08ManyThreadsGetWhatOneThreadGets() {
    check(
        "R8",
        subject -> {
          List<Map<String, double[]>> expected = new ArrayList<>();
          for (int t = 0; t < THREADS; t++) {
            expected.add(everyCall(subject, subject.network(), SEED + 1000L * t));
          }
          ExecutorService threads = Executors.newFixedThreadPool(THREADS);
          try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
              int thread = t;
              running.add(
                  threads.submit(
                      () -> {
                        int unused = start.await();
                        for (int round = 0; round < 3; round++) {
                          Map<String, double[]> got =
                              everyCall(subject, subject.network(), SEED + 1000L * thread);
                          expected
                              .get(thread)
                              .forEach(
                                  (call, values) ->
                                      Values.assertClose(
                                          call + " in one of " + THREADS + " threads",
                                          got.getOrDefault(call, values),
                                          values,
                                          subject.tolerance()));
                        }
                        return null;
                      }));
            }
            for (Future<?> future : running) {
              future.get();
            }
          } catch (ExecutionException e) {
            throw new AssertionError(
                e.getCause() instanceof AssertionError failure
                    ? failure.getMessage()
                    : "a call in one of " + THREADS + " threads threw " + e.getCause(),
                e);
          } finally {
            threads.shutdownNow();
          }
        });
  }

  @Test
  void r09LogitsAgreeWithTheSteps() {
    check(
        "R9",
        subject -> {
          float[] pixels = subject.pixels(IMAGES, SEED);
          double whole = 10 * subject.tolerance();
          double[] expected = subject.twin().logits(pixels.clone(), IMAGES);
          double[] logits = subject.network().logits(pixels.clone(), IMAGES);
          double[] stepwise = subject.stepwise(subject.network(), pixels, IMAGES);
          Values.assertClose("logits beside the intact steps", logits, stepwise, whole);
          Values.assertClose("logits beside the reference twin's", logits, expected, whole);
          Values.assertClose(
              "the stem beside the reference twin's",
              subject.stem(subject.network(), pixels, IMAGES),
              subject.stem(subject.twin(), pixels, IMAGES),
              subject.tolerance());
          double[] features = subject.finalFeatures(IMAGES, SEED);
          Values.assertClose(
              "the head beside the reference twin's",
              subject.head(subject.network(), features, IMAGES),
              subject.head(subject.twin(), features, IMAGES),
              subject.tolerance());
        });
  }

  @Test
  void r10ShapesAreThoseOfTheArchitecture() {
    check(
        "R10",
        subject -> {
          Network network = subject.network();
          require(
              network.architecture().equals(subject.architecture()),
              "architecture() is " + network.architecture());
          try (Activation y = network.stem(subject.pixels(IMAGES, SEED), IMAGES)) {
            requireShape("the stem's output", y, IMAGES, subject.architecture().stemOutput());
          }
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            Block block = block(subject, inputs.block());
            try (Activation x = inputs.x(network);
                Activation b = inputs.b(network);
                Activation sum = inputs.sum(network)) {
              for (Operation operation : Operation.all()) {
                boolean inner =
                    operation.text().equals("branch") || operation.text().equals("skip");
                try (Activation y = operation.call().run(network, block.number(), x, b, sum)) {
                  requireShape(
                      "block " + block.number() + ", " + operation.text(),
                      y,
                      IMAGES,
                      inner ? block.sum() : block.output());
                }
              }
            }
          }
          int classes = subject.architecture().head().classes();
          double[] logits = network.logits(subject.pixels(IMAGES, SEED), IMAGES);
          require(logits.length == IMAGES * classes, "there are " + logits.length + " logits");
        });
  }

  @Test
  void r10WrongArgumentsAreRefused() {
    check(
        "R10",
        subject -> {
          Network network = subject.network();
          checkWrongPixels(subject);
          FeatureShape odd = new FeatureShape(13, 2, 3);
          try (Activation strange = network.activation(Values.random(SEED, 78), 1, odd)) {
            refused("head of an activation of shape " + odd, () -> network.head(strange));
            for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
              try (Activation x = inputs.x(network);
                  Activation b = inputs.b(network);
                  Activation two = twoOf(network, inputs)) {
                int i = inputs.block();
                refused("step of block " + i + " on " + odd, () -> network.step(i, 1, 1, strange));
                refused("step of block " + i + " on " + odd, () -> network.step(i, 1, 0, strange));
                refused(
                    "step of block " + i + " on " + odd, () -> network.step(i, 1, 1, strange, b));
                refused(
                    "step of block " + i + " with a branch output of " + odd,
                    () -> network.step(i, 1, 1, x, strange));
                refused(
                    "step of block " + i + " on 3 images with a branch output for 2",
                    () -> network.step(i, 1, 1, x, two));
                refused("branch of block " + i + " on " + odd, () -> network.branch(i, strange));
                refused("skip of block " + i + " on " + odd, () -> network.skip(i, strange));
                refused("post of block " + i + " on " + odd, () -> network.post(i, strange));
                checkWrongBlocks(subject, x, b);
              }
            }
          }
        });
  }

  private static void checkWrongPixels(Subject subject) {
    Network network = subject.network();
    float[] pixels = subject.pixels(2, SEED);
    for (int images : new int[] {0, -1, 1, 3, Integer.MAX_VALUE}) {
      String what = pixels.length + " pixels for " + images + " images";
      refused("stem of " + what, () -> network.stem(pixels, images));
      refused("logits of " + what, () -> network.logits(pixels, images));
    }
    FeatureShape shape = new FeatureShape(2, 3, 4);
    refused("47 values for 2 images of 24", () -> network.activation(new double[47], 2, shape));
    refused("no values for 0 images", () -> network.activation(new double[0], 0, shape));
  }

  private static void checkWrongBlocks(Subject subject, Activation x, Activation b) {
    Network network = subject.network();
    for (int i : new int[] {0, -1, subject.architecture().size() + 1, Integer.MAX_VALUE}) {
      refused("step of block " + i, () -> network.step(i, 1, 1, x));
      refused("step of block " + i + " with a branch output", () -> network.step(i, 1, 1, x, b));
      refused("branch of block " + i, () -> network.branch(i, x));
      refused("skip of block " + i, () -> network.skip(i, x));
      refused("post of block " + i, () -> network.post(i, x));
    }
  }

  private static Activation twoOf(Network network, BlockInputs inputs) {
    double[] b = inputs.bValues();
    FeatureShape shape;
    try (Activation all = inputs.b(network)) {
      shape = all.shape();
    }
    return network.activation(Arrays.copyOf(b, 2 * shape.size()), 2, shape);
  }

  @Test
  void r11NonFiniteValuesPassThrough() {
    check(
        "R11",
        subject -> {
          Network network = subject.network();
          float[] pixels = subject.pixels(2, SEED);
          pixels[pixels.length / 4] = Float.NaN;
          checkOnlyFirstIsNaN("logits of a NaN pixel", network.logits(pixels.clone(), 2));
          checkOnlyFirstIsNaN(
              "the intact steps of a NaN pixel", subject.stepwise(network, pixels, 2));
          double[] features = subject.finalFeatures(2, SEED);
          features[0] = Double.NaN;
          checkOnlyFirstIsNaN("head of a NaN", subject.head(network, features, 2));
          for (BlockInputs clean : subject.inputs(2, SEED)) {
            for (double value :
                new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
              BlockInputs inputs = clean.withFirst(value);
              for (Operation operation : Operation.all()) {
                Values.assertStaysNonFinite(
                    "block " + inputs.block() + ", " + operation.text() + ", given " + value,
                    operation.values(subject.network(), inputs),
                    operation.values(subject.twin(), inputs));
              }
            }
          }
        });
  }

  private static void checkOnlyFirstIsNaN(String what, double[] logits) {
    double[] first = Values.image(logits, 2, 0);
    for (double logit : first) {
      require(Double.isNaN(logit), what + " in image 0 became the finite logit " + logit);
    }
    require(
        Values.allFinite(Values.image(logits, 2, 1)), what + " in image 0 made image 1 non-finite");
  }

  @Test
  void r12ClosedNetworkRefusesEveryCall() {
    check(
        "R12",
        subject -> {
          Network network = subject.network();
          BlockInputs inputs = subject.inputs(IMAGES, SEED).get(0);
          float[] pixels = subject.pixels(IMAGES, SEED);
          FeatureShape last = subject.architecture().finalOutput();
          Activation x = inputs.x(network);
          Activation b = inputs.b(network);
          Activation sum = inputs.sum(network);
          Activation y = network.activation(subject.finalFeatures(1, SEED), 1, last);
          network.close();
          closed("stem", () -> network.stem(pixels, IMAGES));
          closed("step", () -> network.step(1, 1, 1, x));
          closed("step with skip alone", () -> network.step(1, 1, 0, x));
          closed("step with a branch output", () -> network.step(1, 1, 1, x, b));
          closed("branch", () -> network.branch(1, x));
          closed("skip", () -> network.skip(1, x));
          closed("post", () -> network.post(1, sum));
          closed("head", () -> network.head(y));
          closed("logits", () -> network.logits(pixels, IMAGES));
          closed("gather", () -> network.gather(List.of(Network.Part.all(x))));
          closed("activation", () -> network.activation(new double[1], 1, shape(1, 1, 1)));
          network.close();
          for (Activation activation : List.of(x, b, sum, y)) {
            activation.close();
            activation.close();
          }
          require(
              network.architecture().equals(subject.architecture())
                  && network.workers() > 0
                  && !network.info().engine().isBlank(),
              "a closed network no longer tells its architecture, facts and workers");
        });
  }

  @Test
  void r13MemoryIsFlat() {
    Architecture architecture = architectures().get(0);
    check(
        "R13",
        List.of(architecture),
        subject -> {
          Block block = architecture.block(1);
          int images = Math.max(1, 32768 / block.input().size());
          BlockInputs inputs = BlockInputs.random(block, images, SEED);
          churn(subject.network(), inputs, 20);
          checkMemory(() -> churn(subject.network(), inputs, 100));
        });
  }

  /** Makes and closes activations of 256 KiB: cheap calls, so that a leak shows soon. */
  private static void churn(Network network, BlockInputs inputs, int rounds) {
    for (int i = 0; i < rounds; i++) {
      try (Activation x = inputs.x(network);
          Activation b = inputs.b(network);
          Activation skip = network.skip(1, x);
          Activation post = network.post(1, skip);
          Activation deleted = network.step(1, 1, 0, post);
          Activation given = network.step(1, 0.5, 0.5, deleted, b);
          Activation gathered = network.gather(List.of(Network.Part.all(given)))) {
        require(gathered.images() == inputs.images(), "a step lost images");
      }
      if (i % 10 == 0) {
        try (Activation x = inputs.x(network);
            Activation step = network.step(1, 1, 1, x)) {
          require(step.images() == inputs.images(), "a step lost images");
        }
      }
    }
  }

  @Test
  void r14ValuesComeBackAsTheyWent() {
    check(
        "R14",
        subject -> {
          Network network = subject.network();
          boolean exact = network.info().precision() == Precision.FLOAT64;
          FeatureShape shape = new FeatureShape(3, 4, 5);
          double[] values = new double[2 * shape.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = i + 1.0 / (i + 3);
          }
          values[7] = Double.NaN;
          values[8] = Double.NEGATIVE_INFINITY;
          values[9] = 0;
          double[] expected = values.clone();
          for (int i = 0; i < values.length; i++) {
            expected[i] = exact ? values[i] : (float) values[i];
          }
          try (Activation activation = network.activation(values, 2, shape)) {
            requireShape("an activation", activation, 2, shape);
            values[0] = 99;
            double[] got = activation.values();
            if (subject.isInexact()) {
              Values.assertClose(
                  "values() of activation(values)", got, expected, subject.tolerance());
              expected = got.clone();
              try (Activation again = network.activation(got, 2, shape)) {
                Values.assertExact("values() that came back before", again.values(), expected);
              }
            } else {
              Values.assertExact("values() of activation(values)", got, expected);
            }
            got[1] = 99;
            Values.assertExact(
                "values() after its array was written to", activation.values(), expected);
          }
        });
  }

  private Map<String, double[]> everyCall(Subject subject, Network network) {
    return everyCall(subject, network, SEED);
  }

  /** The results of every call for one seed, by the call's text. */
  private static Map<String, double[]> everyCall(Subject subject, Network network, long seed) {
    Map<String, double[]> results = new LinkedHashMap<>();
    float[] pixels = subject.pixels(IMAGES, seed);
    results.put("stem", subject.stem(network, pixels, IMAGES));
    for (BlockInputs inputs : subject.inputs(IMAGES, seed)) {
      for (Operation operation : Operation.all()) {
        results.put(
            "block " + inputs.block() + ", " + operation.text(), operation.values(network, inputs));
      }
    }
    results.put("head", subject.head(network, subject.finalFeatures(IMAGES, seed), IMAGES));
    results.put("logits", network.logits(pixels, IMAGES));
    return results;
  }

  private static Block block(Subject subject, int number) {
    return subject.architecture().block(number);
  }

  private static FeatureShape shape(int channels, int height, int width) {
    return new FeatureShape(channels, height, width);
  }

  /** Something that makes an activation. */
  @FunctionalInterface
  private interface ActivationSource {
    Activation get();
  }

  @Test
  void r15GatheredImagesAreThoseAskedFor() {
    check(
        "R15",
        subject -> {
          Network network = subject.network();
          for (BlockInputs inputs : subject.inputs(IMAGES, SEED)) {
            checkGathered(network, inputs);
          }
          checkWrongParts(network);
        });
  }

  /** What a call has computed lies in the engine's own layout. */
  @SuppressWarnings("ReferenceEquality") // The very activation is meant, not its values.
  private static void checkGathered(Network network, BlockInputs inputs) {
    try (Activation x = inputs.x(network);
        Activation y = network.step(inputs.block(), 1, 1, x);
        Activation z = network.step(inputs.block(), 1, 0, x)) {
      int size = y.shape().size();
      List<Network.Part> parts =
          List.of(new Network.Part(y, 2, 1), new Network.Part(y, 0, 2), new Network.Part(z, 1, 1));
      double[] expected = new double[4 * size];
      System.arraycopy(y.values(), 2 * size, expected, 0, size);
      System.arraycopy(y.values(), 0, expected, size, 2 * size);
      System.arraycopy(z.values(), size, expected, 3 * size, size);
      String what =
          "block "
              + inputs.block()
              + ", images 2 to 2 and 0 to 1 of one activation, image 1 of another";
      try (Activation gathered = network.gather(parts)) {
        requireShape(what, gathered, 4, y.shape());
        Values.assertExact(what, gathered.values(), expected);
      }
      for (List<Network.Part> some : List.of(parts, List.of(Network.Part.all(y)))) {
        try (Activation again = network.activation(y.values(), IMAGES, y.shape());
            Activation other = network.activation(z.values(), IMAGES, z.shape())) {
          List<Network.Part> own =
              some.stream()
                  .map(
                      part ->
                          new Network.Part(
                              part.of() == y ? again : other, part.from(), part.count()))
                  .toList();
          checkOwnership(
              "block " + inputs.block() + ", gather",
              () -> network.gather(own),
              List.of(again, other));
        }
      }
    }
  }

  private static void checkWrongParts(Network network) {
    try (Activation two = network.activation(new double[48], 2, shape(2, 3, 4));
        Activation other = network.activation(new double[24], 1, shape(4, 3, 2))) {
      refused("gathering nothing", () -> network.gather(List.of()));
      refused(
          "gathering two shapes",
          () -> network.gather(List.of(Network.Part.all(two), Network.Part.all(other))));
    }
  }
}
