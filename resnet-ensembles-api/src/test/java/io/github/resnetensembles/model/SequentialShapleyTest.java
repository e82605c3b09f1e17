package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialReport.End;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Shapley values until their intervals are narrow enough, on a network of 6 blocks. */
class SequentialShapleyTest {
  private static final int BLOCKS = 6;

  private static final double WIDTH = 0.035;

  private static final Architecture SIX =
      Architecture.builder("six")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(
              Collections.nCopies(BLOCKS, BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  private static final ImageSet IMAGES = labelledByTheNetwork();

  private static ResidualModel model(int threads) {
    return ResidualModel.of(
        new ReferenceBackend()
            .network(new RandomWeights(SIX, 5), ModelOptions.defaults().withThreads(threads)));
  }

  /** The whole network is right on nine in ten, so that blocks are worth something. */
  private static ImageSet labelledByTheNetwork() {
    Random random = new Random(1);
    byte[] pixels = new byte[600 * 3 * 6 * 6];
    for (int i = 0; i < pixels.length; i += 36) {
      // Channels of one colour, so that images differ after pooling.
      Arrays.fill(pixels, i, i + 36, (byte) random.nextInt(256));
    }
    FeatureShape shape = new FeatureShape(3, 6, 6);
    int[] labels = new int[600];
    try (ResidualModel model = model(1)) {
      for (int label = 0; label < 3; label++) {
        int[] all = new int[600];
        Arrays.fill(all, label);
        LesionRow row = model.evaluate(ImageSets.of(shape, pixels, all, 3)).row();
        for (int i = 0; i < 600; i++) {
          labels[i] = row.correctRecords().get(i) ? label : labels[i];
        }
      }
    }
    for (int i = 0; i < 600; i += 10) {
      labels[i] = random.nextInt(3);
    }
    return ImageSets.of(shape, pixels, labels, 3);
  }

  private static LesionStudy study(ResidualModel model) {
    return model
        .lesions()
        .plan(LesionPlan.deleteInRandomOrder())
        .seed(4)
        .options(RunOptions.defaults().withBatchSize(5));
  }

  private static SequentialReport run(double width) {
    try (ResidualModel model = model(2)) {
      return study(model).untilWidth(width).shapley().run(IMAGES);
    }
  }

  private static Estimate valueOf(SequentialReport result, int block) {
    return Objects.requireNonNull(result.shapley().get(block));
  }

  private static double widest(SequentialReport result) {
    return result.shapley().values().stream()
        .mapToDouble(value -> value.interval().width())
        .max()
        .orElseThrow();
  }

  /** Each order is on one batch, with all its rows. */
  @Test
  void ordersAreOnBatchesOfTheirOwn() {
    SequentialReport result = run(0.5);
    assertThat(result.rounds()).hasSize(1);
    assertThat(result.report().rows()).hasSize(400 * BLOCKS);
    for (int draw = 1; draw <= 400; draw++) {
      int wanted = draw;
      List<Integer> batches =
          result.report().rows().stream()
              .filter(row -> row.planned().draw().orElseThrow() == wanted)
              .flatMap(row -> row.tallies().stream())
              .map(Tally::from)
              .toList();
      assertThat(batches).hasSize(BLOCKS);
      assertThat(batches.stream().distinct()).hasSize(1);
    }
  }

  /** The efficiency axiom, on the same batches. */
  @Test
  void valuesAddUpToWhatAllBlocksAreWorth() {
    SequentialReport result = run(WIDTH);
    Map<Integer, Tally> intact = new HashMap<>();
    result.report().baseline().tallies().forEach(tally -> intact.put(tally.from(), tally));
    long worth = 0;
    long images = 0;
    for (LesionRow row : result.report().rows()) {
      if (row.planned().k().orElseThrow() == BLOCKS) {
        for (Tally tally : row.tallies()) {
          worth += tally.wrong() - Objects.requireNonNull(intact.get(tally.from())).wrong();
          images += tally.total();
        }
      }
    }
    assertThat(result.rounds().size()).isGreaterThan(1);
    assertThat(worth).isGreaterThan(images / 50);
    assertThat(result.shapley().values().stream().mapToDouble(Estimate::value).sum())
        .isCloseTo((double) worth / images, within(1e-12));
  }

  /** Values over all sets of blocks and all images lie near. */
  @Test
  void exactValuesAreCovered() {
    SequentialReport result = run(WIDTH);

    assertThat(result.end()).contains(End.TARGET);
    assertThat(result.reached()).isTrue();
    assertThat(result.complete()).isTrue();
    assertThat(widest(result)).isBetween(WIDTH / 2, WIDTH);
    try (ResidualModel model = model(2)) {
      LesionReport all = model.lesions().plan(LesionPlan.deleteSubsets()).run(IMAGES);
      List<BlockValue> exact = BlockValues.of(all, Payoff.ACCURACY, 0.95).blocks();
      assertThat(result.shapley()).hasSize(BLOCKS);
      for (BlockValue value : exact) {
        assertThat(valueOf(result, value.block()).value())
            .isCloseTo(value.shapley().value(), within(WIDTH));
      }
      assertThat(exact)
          .filteredOn(
              value -> valueOf(result, value.block()).interval().contains(value.shapley().value()))
          .hasSizeGreaterThanOrEqualTo(BLOCKS - 1);
    }
  }

  @Test
  void excludedBlocksHaveNoValue() {
    try (ResidualModel model = model(2)) {
      SequentialReport result =
          study(model).exclude(Exclusion.of(2, 3)).untilWidth(0.25 * WIDTH).shapley().run(IMAGES);

      assertThat(result.shapley().keySet()).containsExactly(1, 4, 5, 6);
      assertThat(result.rounds().size()).isGreaterThan(1);
    }
  }

  @Test
  void imagesCanBeTooFew() {
    try (ResidualModel model = model(2)) {
      SequentialReport result = study(model).untilWidth(0.001).shapley().run(IMAGES.range(0, 100));

      assertThat(result.end()).contains(End.IMAGES);
      assertThat(result.reached()).isFalse();
      assertThat(result.complete()).isTrue();
    }
  }

  @Test
  void anInterruptedStudyGoesOnAndMerges() {
    AtomicInteger done = new AtomicInteger();
    Thread runner = Thread.currentThread();
    RunOptions options =
        RunOptions.defaults()
            .withBatchSize(5)
            .withListener(
                progress -> {
                  if (done.incrementAndGet() == 60) {
                    runner.interrupt();
                  }
                });
    try (ResidualModel model = model(1)) {
      SequentialReport partial =
          catchThrowableOfType(
                  StudyInterruptedException.class,
                  () -> study(model).options(options).untilWidth(WIDTH).shapley().run(IMAGES))
              .partialSequence()
              .orElseThrow();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(partial.shapley()).hasSize(BLOCKS);
      SequentialReport whole = run(WIDTH);
      SequentialReport resumed =
          study(model)
              .untilWidth(WIDTH)
              .shapley()
              .resume(IMAGES, SequentialReport.fromJson(partial.toJson()));
      SequentialReport merged = SequentialReport.merge(List.of(partial, whole));

      assertThat(resumed.rounds()).isEqualTo(whole.rounds());
      assertThat(resumed.report().rows()).isEqualTo(whole.report().rows());
      assertThat(resumed.shapley()).isEqualTo(whole.shapley());
      assertThat(merged.shapley()).isEqualTo(whole.shapley());
      assertThat(merged.complete()).isTrue();
    }
  }

  @Test
  void roundsCanBeRunElsewhere() {
    SequentialReport here = run(WIDTH);
    try (ResidualModel model = model(2)) {
      SequentialReport elsewhere =
          study(model)
              .untilWidth(WIDTH)
              .shapley()
              .run(
                  IMAGES,
                  batches ->
                      batches.stream().map(batch -> batch.study().run(batch.images())).toList());

      assertThat(elsewhere.shapley()).isEqualTo(here.shapley());
      assertThat(elsewhere.rounds()).isEqualTo(here.rounds());
    }
  }

  @Test
  void jsonAndCsv() {
    SequentialReport result = run(0.5);

    assertThat(SequentialReport.fromJson(result.toJson())).isEqualTo(result);
    assertThat(result.toJson()).contains("\"shapley\":true", "\"blocks\":[{\"block\":1,");
    assertThat(result.toCsv().lines())
        .hasSize(1 + BLOCKS)
        .first()
        .isEqualTo("block,shapley,low,high");
  }

  @Test
  void otherPlansHaveNoShapleyValues() {
    try (ResidualModel model = model(2)) {
      SequentialStudy other = model.lesions().deleteRandom(1, 2).untilWidth(0.1);
      assertThatThrownBy(other::shapley)
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("drawn by the plan deleteInRandomOrder()")
          .hasMessageContaining("the study's is to delete 1 to 2 random blocks");
      SequentialReport curve = study(model).untilWidth(0.5).run(IMAGES);
      assertThat(curve.shapley()).isEmpty();
      SequentialReport wrong = run(0.5);
      LesionReport report = curve.report();
      LesionReport withoutLast =
          new LesionReport(
              report.base(),
              report.baseline(),
              report.rows().stream()
                  .filter(row -> row.planned().k().orElseThrow() < BLOCKS)
                  .toList(),
              report.excluded(),
              report.cost(),
              report.records(),
              report.provenance());
      assertThatThrownBy(
              () ->
                  new SequentialReport(wrong.design(), wrong.rounds(), wrong.end(), withoutLast)
                      .shapley())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("do not delete all blocks one after the other on one batch");
    }
  }
}
