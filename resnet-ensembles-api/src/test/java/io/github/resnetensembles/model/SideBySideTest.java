package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several wirings in one call give what each gives alone, in fewer calls, with bounded memory. */
class SideBySideTest {
  private static final int BATCH = 4;

  /** Eight blocks in two stages. */
  private static final Architecture EIGHT =
      Architecture.builder("eight")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(
              List.of(
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 2, Shortcut.ZERO_PAD_EVEN),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  private static final ImageSet IMAGES = images(10);

  private static ImageSet images(int count) {
    Random random = new Random(1);
    byte[] pixels = new byte[count * 3 * 6 * 6];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, random.ints(count, 0, 3).toArray(), 3);
  }

  private static Network network() {
    return new ReferenceBackend()
        .network(new RandomWeights(EIGHT, 5), ModelOptions.defaults().withThreads(2));
  }

  private static RunOptions atOnce(int wirings) {
    return RunOptions.defaults().withBatchSize(BATCH).withWiringsAtOnce(wirings);
  }

  private static LesionReport run(Network network, LesionPlan plan, int wirings) {
    try (ResidualModel model = ResidualModel.of(network)) {
      return model.lesions().plan(plan).options(atOnce(wirings)).run(IMAGES);
    }
  }

  /** All kinds of damage, in orders that make wirings leave each other and meet again. */
  private static LesionPlan mixed() {
    ReferenceSet reference = ReferenceSet.of(IMAGES);
    List<Lesion> lesions =
        new ArrayList<>(
            List.of(
                Lesion.intact(),
                Lesion.delete(1),
                Lesion.delete(2, 4),
                Lesion.delete(8),
                Lesion.deleteSkip(3),
                Lesion.scale(5, -0.5),
                Lesion.scale(5, 0.5),
                Lesion.duplicate(6),
                Lesion.duplicate(1, 2, 3),
                Lesion.swap(1, 3),
                Lesion.swap(6, 8),
                Lesion.order(3, 2, 1, 4, 8, 7, 6, 5),
                Lesion.keepOnly(4),
                Lesion.keepOnly(),
                Lesion.mean(reference, 2, 4),
                Lesion.mean(reference, 2),
                Lesion.resample(reference, 7, 3, 5),
                Lesion.resample(reference, 8, 3),
                Lesion.delete(1).then(Lesion.resample(reference, 7, 3)),
                Lesion.delete(2).then(Lesion.resample(reference, 7, 3)),
                Lesion.delete(1).then(Lesion.mean(reference, 4)),
                Lesion.delete(2).then(Lesion.mean(reference, 4)),
                Lesion.swap(1, 2).then(Lesion.duplicate(1)).then(Lesion.scale(2, 3))));
    Random random = new Random(3);
    for (int i = 0; i < 12; i++) {
      lesions.add(Lesion.delete(random.ints(1, 9).distinct().limit(4).toArray()));
    }
    return LesionPlan.of(lesions.toArray(Lesion[]::new)).build(EIGHT);
  }

  @ParameterizedTest(name = "{0} wirings at once")
  @ValueSource(ints = {2, 3, 8, 1000})
  void everyRowIsThatOfItsWiringAlone(int wirings) {
    InstrumentedNetwork together = new InstrumentedNetwork(network(), 2);
    InstrumentedNetwork alone = new InstrumentedNetwork(network(), 2);

    LesionReport report = run(together, mixed(), wirings);
    LesionReport expected = run(alone, mixed(), 1);

    assertThat(report.rows()).isEqualTo(expected.rows());
    assertThat(report.baseline()).isEqualTo(expected.baseline());
    assertThat(report.cost()).isEqualTo(expected.cost());
    assertThat(together.branches.get()).isEqualTo(alone.branches.get());
    assertThat(together.steps.get()).isLessThan(alone.steps.get());
    assertThat(together.largestStep.get()).isLessThanOrEqualTo(BATCH * wirings);
    assertThat(together.open).as("activations left open").hasValue(0);
  }

  @ParameterizedTest(name = "{0} wirings at once")
  @ValueSource(ints = {2, 5, 64})
  void subsetsAndOrdersAreThoseOfEachAlone(int wirings) {
    for (LesionPlan.Builder settings :
        List.of(
            LesionPlan.deleteSubsets(),
            LesionPlan.deleteInRandomOrder().draws(5).seed(2),
            LesionPlan.deleteRandom(1, 6).draws(9).seed(2))) {
      LesionPlan plan = settings.build(EIGHT);

      assertThat(run(network(), plan, wirings).rows()).isEqualTo(run(network(), plan, 1).rows());
    }
  }

  /** The trunk has 8 steps and 8 deletions; behind those, all blocks in one call each. */
  @Test
  void deletionsShareTheCallsBehindThem() {
    LesionPlan each = LesionPlan.deleteEach().build(EIGHT);
    int batches = 3;
    int fingerprint = EIGHT.size();

    assertThat(steps(each, 1)).isEqualTo(fingerprint + batches * (8 + 8 + 28));
    assertThat(steps(each, 8)).isEqualTo(fingerprint + batches * (8 + 8 + 7));
    // Deletions of 1 to 4 share blocks 2 to 8; those of 5 to 8 share 6 to 8.
    assertThat(steps(each, 4)).isEqualTo(fingerprint + batches * (8 + 8 + 7 + 3));
  }

  private static int steps(LesionPlan plan, int wirings) {
    InstrumentedNetwork network = new InstrumentedNetwork(network(), 1);
    LesionReport report = run(network, plan, wirings);
    assertThat(report.complete()).isTrue();
    return network.steps.get();
  }

  /** 256 wirings, and orders, which hold each other up: 3 N + log2(wirings) + 2 at a time. */
  @ParameterizedTest(name = "{0} wirings at once")
  @ValueSource(ints = {2, 8, 16})
  void memoryIsBounded(int wirings) {
    for (LesionPlan.Builder settings :
        List.of(LesionPlan.deleteSubsets(), LesionPlan.swapRandom(1, 7).draws(30).seed(2))) {
      InstrumentedNetwork network = new InstrumentedNetwork(network(), 1);
      LesionReport report = run(network, settings.build(EIGHT), wirings);

      int walk = 34 - Integer.numberOfLeadingZeros(report.rows().size());
      assertThat(network.mostImages.get())
          .isLessThanOrEqualTo(BATCH * (3 * wirings + walk))
          .isGreaterThan(BATCH * wirings);
      assertThat(network.largestStep.get()).isLessThanOrEqualTo(BATCH * wirings);
      assertThat(network.open).hasValue(0);
    }
  }

  /** What is put side by side is closed before the step on it. */
  @Test
  void sweepsHoldTwiceAsMany() {
    InstrumentedNetwork network = new InstrumentedNetwork(network(), 1);

    LesionReport report = run(network, LesionPlan.deleteEach().build(EIGHT), 8);

    assertThat(report.rows()).hasSize(8);
    assertThat(network.largestStep).hasValue(BATCH * 7);
    assertThat(network.mostImages.get()).isLessThanOrEqualTo(BATCH * (2 * 7 + 1));
  }

  /** After block i, wiring i waits for block 12, which all others reach later. */
  @Test
  void whoWaitsHoldsNoMemoryOfTheOthers() {
    Architecture twelve =
        EIGHT.toBuilder()
            .name("twelve")
            .blocks(Collections.nCopies(12, BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY)))
            .build();
    List<Lesion> lesions = new ArrayList<>();
    for (int i = 2; i <= 9; i++) {
      List<Integer> order = new ArrayList<>(IntStream.rangeClosed(1, 11).boxed().toList());
      order.add(i, 12);
      lesions.add(
          Lesion.order(order.stream().mapToInt(block -> block).toArray())
              .then(Lesion.scale(1, 1 + 0.1 * i)));
    }
    InstrumentedNetwork network =
        new InstrumentedNetwork(
            new ReferenceBackend()
                .network(new RandomWeights(twelve, 5), ModelOptions.defaults().withThreads(1)),
            1);

    LesionReport report =
        run(network, LesionPlan.of(lesions.toArray(Lesion[]::new)).build(twelve), 8);

    assertThat(report.rows()).hasSize(8);
    assertThat(network.mostImages.get()).isLessThanOrEqualTo(BATCH * (3 * 8 + 2));
  }

  /** Fails, or is interrupted, in one of its calls. */
  private static final class FailsOnce extends InstrumentedNetwork {
    private final AtomicInteger callsLeft;
    private final Runnable failure;

    FailsOnce(Network network, int calls, Runnable failure) {
      super(network, 1);
      this.callsLeft = new AtomicInteger(calls);
      this.failure = failure;
    }

    private void count() {
      if (callsLeft.decrementAndGet() == 0) {
        failure.run();
      }
    }

    @Override
    public Activation step(int block, double skipGain, double branchGain, Activation input) {
      count();
      return super.step(block, skipGain, branchGain, input);
    }

    @Override
    public Activation gather(List<Part> parts) {
      count();
      return super.gather(parts);
    }

    @Override
    public double[] head(Activation input) {
      count();
      return super.head(input);
    }
  }

  @Test
  void aFailureLeavesNothingOpen() {
    LesionPlan plan = LesionPlan.deleteRandom(1, 3).draws(6).seed(4).build(EIGHT);
    int calls = 0;
    boolean failed = true;
    while (failed) {
      FailsOnce network =
          new FailsOnce(
              network(),
              ++calls,
              () -> {
                throw new IllegalStateException("out of memory");
              });
      try {
        failed = run(network, plan, 4).rows().isEmpty();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("out of memory");
      }
      assertThat(network.open).as("open after a failure in call " + calls).hasValue(0);
    }
    assertThat(calls).isGreaterThan(100);
  }

  @Test
  void anInterruptLeavesNothingOpen() {
    LesionPlan plan = LesionPlan.deleteRandom(1, 3).draws(6).seed(4).build(EIGHT);
    Thread caller = Thread.currentThread();
    FailsOnce network =
        new FailsOnce(
            network(),
            50,
            () -> {
              caller.interrupt();
              // Until the caller has seen it, and has told the threads to stop.
              Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(200));
            });

    assertThatThrownBy(() -> run(network, plan, 4)).isInstanceOf(StudyInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(network.open).hasValue(0);
  }

  /** A network whose bits depend on the images of a call, as an engine's do. */
  private static final class DependsOnTheBatch extends InstrumentedNetwork {
    DependsOnTheBatch(Network network) {
      super(network, 1);
    }

    @Override
    public double[] head(Activation input) {
      double[] logits = super.head(input);
      for (int i = 0; i < logits.length; i++) {
        logits[i] *= 1 + 1e-4 * input.images();
      }
      return logits;
    }
  }

  /** Parts of a study have different rows but one baseline, which must not contradict itself. */
  @ParameterizedTest(name = "{0} wirings at once")
  @ValueSource(ints = {2, 7, 9, 20})
  void theBaselineIsRunAlone(int wirings) {
    LesionPlan each = LesionPlan.deleteEach().build(EIGHT);

    LesionReport together = run(new DependsOnTheBatch(network()), each, wirings);
    LesionReport alone = run(new DependsOnTheBatch(network()), each, 1);

    assertThat(together.baseline()).isEqualTo(alone.baseline());
    assertThat(together.rows()).isNotEqualTo(alone.rows());
  }

  @Test
  void partsMerge() {
    try (ResidualModel model = ResidualModel.of(new DependsOnTheBatch(network()))) {
      LesionStudy study = model.lesions().plan(LesionPlan.deletePairs()).options(atOnce(4));

      LesionReport merged =
          LesionReport.merge(List.of(study.shard(1, 2).run(IMAGES), study.shard(2, 2).run(IMAGES)));

      assertThat(merged.complete()).isTrue();
      assertThat(merged.rows()).hasSize(28);
      assertThat(merged.provenance().wiringsAtOnce()).hasValue(4);
    }
  }

  @Test
  void resultsSayHowManyAndDifferentNumbersAreNotMerged() {
    LesionPlan each = LesionPlan.deleteEach().build(EIGHT);
    LesionReport alone = run(network(), each, 1);
    LesionReport together = run(network(), each, 3);

    assertThat(alone.provenance().wiringsAtOnce()).isEmpty();
    assertThat(alone.toJson()).doesNotContain("wiringsAtOnce");
    assertThat(together.toJson()).contains("\"wiringsAtOnce\":3");
    assertThat(LesionReport.fromJson(together.toJson())).isEqualTo(together);
    assertThatThrownBy(() -> LesionReport.merge(List.of(alone, together)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("number of wirings at once: 1 and 3");
    assertThat(Provenance.merge(List.of(together.provenance(), together.provenance())))
        .isEqualTo(together.provenance());
  }

  @Test
  void sequentialStudiesAreThoseOfEachAlone() {
    SequentialReport together = untilWidth(6);
    SequentialReport alone = untilWidth(1);

    assertThat(together.report().rows()).isEqualTo(alone.report().rows());
    assertThat(together.points()).isEqualTo(alone.points());
    assertThat(together.report().provenance().wiringsAtOnce()).hasValue(6);
  }

  private static SequentialReport untilWidth(int wirings) {
    try (ResidualModel model = ResidualModel.of(network())) {
      return model
          .lesions()
          .plan(LesionPlan.deleteRandom(1, 3))
          .seed(4)
          .options(atOnce(wirings))
          .untilWidth(0.5)
          .run(images(300));
    }
  }

  @Test
  void aSequentialStudyIsNotResumedWithAnotherNumber() {
    SequentialReport earlier = untilWidth(6);

    try (ResidualModel model = ResidualModel.of(network())) {
      LesionStudy study =
          model.lesions().plan(LesionPlan.deleteRandom(1, 3)).seed(4).options(atOnce(2));

      assertThatThrownBy(() -> study.untilWidth(0.4).resume(images(300), earlier))
          .isInstanceOf(MergeException.class)
          .hasMessageContaining("number of wirings at once: 6 and 2");
    }
  }

  @Test
  void theNumberHasARangeAndMeansNothingToOneWiring() {
    assertThatThrownBy(() -> atOnce(0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("1 to 1024 wirings are run at once, got 0");
    assertThatThrownBy(() -> atOnce(1025)).isInstanceOf(InvalidInputException.class);
    try (ResidualModel model = ResidualModel.of(network())) {
      for (UnaryOperator<RunOptions> use :
          List.<UnaryOperator<RunOptions>>of(
              options -> model.gradients().options(options).options(),
              options -> {
                assertThat(model.evaluate(IMAGES, options).total()).isEqualTo(10);
                return options;
              })) {
        assertThat(use.apply(atOnce(1)).wiringsAtOnce()).isEqualTo(1);
        assertThatThrownBy(() -> use.apply(atOnce(2)))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith("2 wirings at once have no effect on ");
      }
    }
  }
}
