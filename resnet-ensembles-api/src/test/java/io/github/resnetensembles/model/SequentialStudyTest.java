package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
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
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Studies that design themselves, on a network of 12 blocks: 12 lesions of k = 1, 495 of k = 4. */
class SequentialStudyTest {
  private static final Architecture TWELVE =
      Architecture.builder("twelve")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(Collections.nCopies(12, BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  private static final ImageSet IMAGES = images(600, 1);

  private static ImageSet images(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * 6 * 6];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, 3).toArray();
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, labels, 3);
  }

  private static Network network(int threads) {
    return new ReferenceBackend()
        .network(new RandomWeights(TWELVE, 5), ModelOptions.defaults().withThreads(threads));
  }

  private static LesionStudy study(ResidualModel model) {
    return model
        .lesions()
        .plan(LesionPlan.deleteRandom(1, 4))
        .seed(4)
        .options(RunOptions.defaults().withBatchSize(5));
  }

  private static SequentialReport run(double width) {
    try (ResidualModel model = ResidualModel.of(network(2))) {
      return study(model).untilWidth(width).run(IMAGES);
    }
  }

  private static double widest(SequentialReport result) {
    return result.points().stream()
        .mapToDouble(point -> point.errorRate().interval().width())
        .max()
        .orElseThrow();
  }

  /** Every tally is what the damaged network does on that batch; every point is their mean. */
  @Test
  void rowsAreMeasuredOnBatchesOfTheirOwn() {
    try (ResidualModel model = ResidualModel.of(network(2))) {
      SequentialReport result = study(model).untilWidth(0.5).run(IMAGES);

      assertThat(result.rounds()).hasSize(1);
      assertThat(result.design().batchSize()).isEqualTo(5);
      assertThat(result.design().batches()).isEqualTo(120);
      assertThat(result.report().baseline().tallies()).hasSize(50);
      for (LesionRow row : result.report().rows().subList(150, 180)) {
        ResidualModel damaged = model.withLesion(row.lesion());
        for (Tally tally : row.tallies()) {
          assertThat(tally.total()).isEqualTo(5);
          assertThat(damaged.evaluate(IMAGES.range(tally.from(), 5)).row().tallies())
              .containsExactly(tally);
        }
      }
      CurvePoint drawn = result.points().get(3);
      List<LesionRow> rows = rows(result, 4);
      assertThat(rows).hasSize(200).allMatch(row -> row.tallies().size() == 1);
      assertThat(drawn.draws()).isEqualTo(200);
      assertThat(drawn.complete()).isFalse();
      assertThat(drawn.errorRate().value())
          .isEqualTo(rows.stream().mapToInt(LesionRow::wrong).sum() / 1000.0);
    }
  }

  private static List<LesionRow> rows(SequentialReport result, int k) {
    return result.report().rows().stream()
        .filter(row -> row.planned().k().orElseThrow() == k)
        .toList();
  }

  /** Each of 12 and of 66 lesions is on as many batches, and their mean is that over lesions. */
  @Test
  void fewLesionsAreListed() {
    SequentialReport result = run(0.5);

    for (int k : new int[] {1, 2}) {
      List<LesionRow> rows = rows(result, k);
      CurvePoint point = result.points().get(k - 1);
      int repeats = k == 1 ? 17 : 5;
      assertThat(rows)
          .hasSize(k == 1 ? 12 : 66)
          .allMatch(row -> row.planned().seed().isEmpty())
          .allMatch(row -> row.tallies().size() == repeats);
      assertThat(point.complete()).isTrue();
      assertThat(point.draws()).isEqualTo(rows.size() * repeats);
      assertThat(point.distinct()).isEqualTo(rows.size());
      assertThat(point.errorRate().value())
          .isCloseTo(
              rows.stream().mapToDouble(LesionRow::errorRate).average().orElseThrow(),
              within(1e-12));
    }
  }

  /** More is run for narrower intervals, and what was run first stays as it was. */
  @Test
  void roundsGoOnUntilTheTargetIsReached() {
    SequentialReport wide = run(0.5);
    SequentialReport narrow = run(0.09);

    assertThat(wide.end()).contains(End.TARGET);
    assertThat(narrow.end()).contains(End.TARGET);
    assertThat(narrow.reached()).isTrue();
    assertThat(widest(narrow)).isBetween(0.06, 0.09);
    assertThat(widest(wide)).isGreaterThan(0.09);
    assertThat(narrow.rounds().size()).isGreaterThan(1);
    assertThat(narrow.rounds().get(0)).isEqualTo(wide.rounds().get(0));
    assertThat(rows(narrow, 4)).startsWith(rows(wide, 4).toArray(new LesionRow[0]));
    assertThat(narrow.complete()).isTrue();
    assertThat(narrow.report().cost().blockEvaluations())
        .isGreaterThan(wide.report().cost().blockEvaluations());
  }

  /** Against the mean over all lesions and all images, which this network is small enough for. */
  @Test
  void theMeanIsThatOfAllLesions() {
    SequentialReport result = run(0.09);

    try (ResidualModel model = ResidualModel.of(network(2))) {
      List<CurvePoint> all =
          model.lesions().deleteRandom(1, 4).draws(495).run(IMAGES).statistics().curve();
      for (int k = 1; k <= 4; k++) {
        assertThat(all.get(k - 1).complete()).isTrue();
        assertThat(result.points().get(k - 1).errorRate().value())
            .isCloseTo(all.get(k - 1).errorRate().value(), within(0.09));
      }
    }
  }

  @Test
  void imagesCanBeTooFew() {
    SequentialReport result = run(0.001);

    assertThat(result.end()).contains(End.IMAGES);
    assertThat(result.reached()).isFalse();
    assertThat(result.complete()).isTrue();
    assertThat(result.report().baseline().total()).isEqualTo(600);
    // 12 and 66 lesions are on more and more batches: listed once, they stay so.
    for (int k : new int[] {1, 2}) {
      assertThat(rows(result, k))
          .hasSize(k == 1 ? 12 : 66)
          .allMatch(row -> row.planned().seed().isEmpty())
          .allMatch(row -> row.tallies().size() > (k == 1 ? 17 : 5));
      assertThat(rows(result, k).stream().map(row -> row.tallies().size()).distinct()).hasSize(1);
    }
    // 220 lesions were drawn first, and listed when there were to be more draws.
    assertThat(result.points().get(2).complete()).isTrue();
    assertThat(rows(result, 3).stream().filter(row -> row.planned().seed().isEmpty())).hasSize(220);
  }

  @Test
  void aBudgetIsKept() {
    try (ResidualModel model = ResidualModel.of(network(2))) {
      SequentialStudy study = study(model).untilWidth(0.001);
      long first = run(0.5).report().cost().blockEvaluations();

      SequentialReport result = study.budget(2 * first).run(IMAGES);

      assertThat(result.end()).contains(End.BUDGET);
      assertThat(result.complete()).isTrue();
      assertThat(result.report().cost().blockEvaluations()).isBetween(first + 1, 2 * first);
      assertThatThrownBy(() -> study.budget(first - 1).run(IMAGES))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("the first round, of 50 batches, costs more than the budget");
      assertThatThrownBy(() -> study.budget(0))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("at least 1 block evaluation, got 0");
    }
  }

  @Test
  void threadsChangeNothing() {
    try (ResidualModel one = ResidualModel.of(network(1));
        ResidualModel two = ResidualModel.of(network(2))) {
      SequentialReport alone = study(one).untilWidth(0.09).run(IMAGES);
      SequentialReport together = study(two).untilWidth(0.09).run(IMAGES);

      assertThat(together.report().rows()).isEqualTo(alone.report().rows());
      assertThat(together.rounds()).isEqualTo(alone.rounds());
      assertThat(together.points()).isEqualTo(alone.points());
    }
  }

  /** What was finished is not run again, whatever precision it was for. */
  @Test
  void anInterruptedStudyGoesOn() {
    try (ResidualModel model = ResidualModel.of(network(1))) {
      SequentialReport whole = study(model).untilWidth(0.09).run(IMAGES);
      SequentialReport partial = interruptedAfter(60);
      assertThat(partial.complete()).isFalse();
      assertThat(partial.end()).isEmpty();
      SequentialReport read = SequentialReport.fromJson(partial.toJson());
      SequentialReport resumed = study(model).untilWidth(0.09).resume(IMAGES, read);

      assertThat(resumed.rounds()).isEqualTo(whole.rounds());
      assertThat(resumed.report().rows()).isEqualTo(whole.report().rows());
      assertThat(resumed.report().baseline()).isEqualTo(whole.report().baseline());
      assertThat(resumed.report().cost()).isEqualTo(whole.report().cost());
      assertThat(resumed.provenance().runs()).hasSize(2);
      assertThat(resumed.provenance().runs().stream().map(Provenance.Run::blockEvaluations))
          .allMatch(cost -> cost > 0)
          .satisfies(
              costs ->
                  assertThat(costs.stream().mapToLong(Long::longValue).sum())
                      .isEqualTo(whole.report().cost().blockEvaluations()));
    }
  }

  /** Two interrupted runs, one of which came further, and a finished one. */
  @Test
  void resultsAreMerged() {
    SequentialReport whole = run(0.09);
    SequentialReport early = interruptedAfter(20);
    SequentialReport late = interruptedAfter(60);

    SequentialReport both = SequentialReport.merge(List.of(early, late));
    assertThat(both.rounds()).isEqualTo(late.rounds());
    assertThat(both.report().rows()).isEqualTo(late.report().rows());
    assertThat(both.complete()).isFalse();
    assertThat(both.provenance().runs()).hasSize(2);

    SequentialReport all = SequentialReport.merge(List.of(early, whole, late));
    assertThat(all.complete()).isTrue();
    assertThat(all.end()).isEqualTo(whole.end());
    assertThat(all.report().rows()).isEqualTo(whole.report().rows());
    assertThat(all.report().baseline()).isEqualTo(whole.report().baseline());
    assertThat(all.report().cost()).isEqualTo(whole.report().cost());
    assertThat(all.points()).isEqualTo(whole.points());
    assertThatThrownBy(() -> SequentialReport.merge(List.of(whole, run(0.5))))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results differ in their design");
    assertThatThrownBy(() -> SequentialReport.merge(List.of())).isInstanceOf(MergeException.class);
  }

  private static SequentialReport interruptedAfter(int batches) {
    AtomicInteger done = new AtomicInteger();
    Thread runner = Thread.currentThread();
    RunOptions options =
        RunOptions.defaults()
            .withBatchSize(5)
            .withListener(
                progress -> {
                  if (done.incrementAndGet() == batches) {
                    runner.interrupt();
                  }
                });
    try (ResidualModel model = ResidualModel.of(network(1))) {
      return catchThrowableOfType(
              StudyInterruptedException.class,
              () -> study(model).options(options).untilWidth(0.09).run(IMAGES))
          .partialSequence()
          .orElseThrow();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void roundsCanBeRunElsewhere() {
    SequentialReport here = run(0.09);
    try (ResidualModel model = ResidualModel.of(network(2))) {
      SequentialStudy study = study(model).untilWidth(0.09);
      SequentialReport elsewhere =
          study.run(
              IMAGES,
              batches -> batches.stream().map(batch -> batch.study().run(batch.images())).toList());

      assertThat(elsewhere.rounds()).isEqualTo(here.rounds());
      assertThat(elsewhere.end()).isEqualTo(here.end());
      assertThat(elsewhere.report().rows()).isEqualTo(here.report().rows());
      assertThat(elsewhere.report().cost()).isEqualTo(here.report().cost());
      assertThatThrownBy(() -> study.run(IMAGES, batches -> List.of()))
          .isInstanceOf(MergeException.class)
          .hasMessage("a round of 50 batches gave 0 results");
      assertThatThrownBy(
              () ->
                  study.run(
                      IMAGES,
                      batches ->
                          Collections.nCopies(
                              batches.size(), batches.get(0).study().run(batches.get(0).images()))))
          .isInstanceOf(MergeException.class)
          .hasMessageContaining("a round asked for");
    }
  }

  @Test
  void otherResultsAreNotGoneOnFrom() {
    SequentialReport before = run(0.5);
    try (ResidualModel model = ResidualModel.of(network(2))) {
      assertThatThrownBy(() -> study(model).seed(5).untilWidth(0.1).resume(IMAGES, before))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("of another design")
          .hasMessageContaining("seed 4")
          .hasMessageContaining("seed 5");
      assertThatThrownBy(() -> study(model).untilWidth(0.1).resume(IMAGES.range(0, 599), before))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("records [0, 600)");
    }
    try (ResidualModel other = ResidualModel.of(network(2))) {
      assertThatThrownBy(() -> study(other).untilWidth(0.1).resume(images(600, 2), before))
          .isInstanceOf(MergeException.class);
    }
  }

  @Test
  void jsonAndCsv() {
    SequentialReport result = run(0.5);

    assertThat(SequentialReport.fromJson(result.toJson())).isEqualTo(result);
    assertThat(result.toJson())
        .contains("\"kind\":\"sequential-report\"", "\"end\":\"target\"", "\"reached\":true");
    assertThat(result.toCsv().lines())
        .hasSize(5)
        .first()
        .isEqualTo("k,draws,distinct,listed,images,value,low,high");
  }

  @Test
  void studiesThatCannotBeDesigned() {
    try (ResidualModel model = ResidualModel.of(network(2))) {
      LesionStudy study = model.lesions();
      refused(study.deleteEachBlock().untilWidth(0.1), "nothing is drawn to delete each block");
      refused(study.untilWidth(0.1), "one plan that is drawn for each k");
      refused(
          study.deleteRandom(1, 2).swapRandom(1, 2).untilWidth(0.1),
          "one plan that is drawn for each k");
      refused(study.deleteRandom(1, 2).shard(1, 2).untilWidth(0.1), "no part of another");
      refused(
          study.deleteRandom(1, 2).records(new RecordRange(0, 10)).untilWidth(0.1),
          "no part of another");
      refused(
          study.deleteRandom(1, 2).draws(5).untilWidth(0.1),
          "draws(5) has no effect on this study: the width of intervals says how many");
      refused(study.lesions(Lesion.delete(1)).untilWidth(0.1), "nothing is drawn");
      assertThatThrownBy(() -> study.deleteRandom(1, 2).untilWidth(0.1).run(IMAGES.range(0, 99)))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("at least 100 images")
          .hasMessageContaining("got 99");
      for (double width : new double[] {0, 1, Double.NaN, -0.1}) {
        assertThatThrownBy(() -> study.untilWidth(width))
            .isInstanceOf(InvalidLesionException.class)
            .hasMessageContaining("between 0 and 1, such as 0.05, got " + width);
      }
    }
  }

  private static void refused(SequentialStudy study, String message) {
    assertThatThrownBy(() -> study.run(IMAGES))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageContaining(message);
  }
}
