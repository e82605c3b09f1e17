package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.SortedRows;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.testkit.RandomWeights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {
  /** Five blocks in two stages, tiny enough for plain Java. */
  private static final Architecture TINY =
      Architecture.builder("tiny")
          .input(
              new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(
              List.of(
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 2, Shortcut.ZERO_PAD_EVEN),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  private static final ImageSet IMAGES = images(30, 1);

  private static ImageSet images(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * 6 * 6];
    random.nextBytes(pixels);
    int[] labels = random.ints(count, 0, 3).toArray();
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, labels, 3);
  }

  private static Network network() {
    return new ReferenceBackend()
        .network(new RandomWeights(TINY, 5), ModelOptions.defaults().withThreads(2));
  }

  /** One with more sets of blocks than are drawn. */
  private static Network longer() {
    Architecture longer =
        TINY.toBuilder()
            .name("longer")
            .blocks(Collections.nCopies(8, BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY)))
            .build();
    return new ReferenceBackend()
        .network(new RandomWeights(longer, 5), ModelOptions.defaults().withThreads(2));
  }

  private static InstrumentedNetwork instrumented(int workers) {
    return new InstrumentedNetwork(network(), workers);
  }

  private static RunOptions batches(int size) {
    return RunOptions.defaults().withBatchSize(size);
  }

  private static List<Tally> tallies(LesionReport report) {
    return report.rows().stream().flatMap(row -> row.tallies().stream()).toList();
  }

  @Test
  void aStudyEqualsSeparateEvaluations() {
    try (ResidualModel model = ResidualModel.of(network())) {
      LesionPlan plan =
          LesionPlan.of(
                  Lesion.intact(),
                  Lesion.delete(1),
                  Lesion.delete(2, 4),
                  Lesion.deleteSkip(3),
                  Lesion.scale(5, -0.5),
                  Lesion.duplicate(4),
                  Lesion.swap(4, 5),
                  Lesion.order(2, 1, 3, 5, 4),
                  Lesion.keepOnly(1, 3, 5),
                  Lesion.keepOnly(),
                  Lesion.swap(1, 2).then(Lesion.duplicate(1)).then(Lesion.scale(2, 3)))
              .build(TINY);
      LesionReport report = model.lesions().plan(plan).options(batches(7)).run(IMAGES);
      assertThat(report.rows()).hasSize(11);
      for (LesionRow row : report.rows()) {
        Evaluation alone = model.withLesion(row.lesion()).evaluate(IMAGES, batches(7));
        assertThat(row.tallies()).as(row.lesion().toString()).isEqualTo(alone.row().tallies());
        assertThat(row.order()).isEqualTo(row.lesion().applyTo(TINY).order());
      }
      assertThat(report.baseline().tallies()).isEqualTo(report.rows().get(0).tallies());
      assertThat(report.complete()).isTrue();
      assertThat(report.rows().get(6).kendallTau()).hasValue(0.8);
      assertThat(report.rows().get(0).kendallTau()).isEmpty();
    }
  }

  /** What the rows say, from the logits of single images. */
  @Test
  void talliesEqualAPlainCount() {
    try (ResidualModel model = ResidualModel.of(network())) {
      Evaluation evaluation = model.withLesion(Lesion.delete(2)).evaluate(IMAGES, batches(8));
      int wrong = 0;
      double loss = 0;
      for (int i = 0; i < IMAGES.size(); i++) {
        ImageBatch one = IMAGES.batch(i, 1);
        double[] logits = model.withLesion(Lesion.delete(2)).logits(one)[0];
        int label = one.labels()[0];
        int best = 0;
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          best = logits[c] > logits[best] ? c : best;
          sum += Math.exp(logits[c]);
        }
        wrong += best == label ? 0 : 1;
        loss += Math.log(sum) - logits[label];
        assertThat(evaluation.row().correctRecords().get(i)).isEqualTo(best == label);
      }
      assertThat(evaluation.wrong()).isEqualTo(wrong);
      assertThat(evaluation.total()).isEqualTo(30);
      assertThat(evaluation.loss().getAsDouble()).isCloseTo(loss / 30, within(1e-8));
      assertThat(evaluation.row().classTotals().stream().mapToInt(i -> i).sum()).isEqualTo(30);
    }
  }

  @Test
  void costIsKnownBeforeAndExact() {
    InstrumentedNetwork network = instrumented(1);
    try (ResidualModel model = ResidualModel.of(network)) {
      var study = model.lesions().deleteEachBlock().options(batches(10));
      Cost cost = study.cost(IMAGES);
      // Intact 5; deleting block i runs the n - i blocks behind it anew: 4 + 3 + 2 + 1 + 0.
      assertThat(cost).isEqualTo(new Cost(30 * 15, 30 * (5 + 5 * 4)));
      LesionReport report = study.run(IMAGES);
      assertThat(report.cost()).isEqualTo(cost);
      assertThat(network.branches).hasValue(30 * 15 + Fingerprint.IMAGES * 5);
    }
  }

  @Test
  void costCountsReferenceSets() {
    InstrumentedNetwork network = instrumented(2);
    ReferenceSet reference = ReferenceSet.of(IMAGES.range(3, 12));
    try (ResidualModel model = ResidualModel.of(network)) {
      var study =
          model
              .lesions()
              .lesions(
                  Lesion.mean(reference, 2, 4),
                  Lesion.mean(reference, 2),
                  Lesion.resample(reference, 1, 3))
              .options(batches(10));
      Cost cost = study.cost(IMAGES);
      LesionReport report = study.run(IMAGES);
      assertThat(network.branches.get())
          .isEqualTo(cost.blockEvaluations() + (long) Fingerprint.IMAGES * TINY.size());
      assertThat(report.cost()).isEqualTo(cost);
      assertThat(network.open).hasValue(0);
    }
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 3, 8})
  void resultsDoNotDependOnThreads(int workers) {
    InstrumentedNetwork network = instrumented(workers);
    try (ResidualModel model = ResidualModel.of(network);
        ResidualModel single = ResidualModel.of(instrumented(1))) {
      LesionReport report =
          model.lesions().plan(LesionPlan.deletePairs()).options(batches(4)).run(IMAGES);
      LesionReport expected =
          single.lesions().plan(LesionPlan.deletePairs()).options(batches(4)).run(IMAGES);
      assertThat(tallies(report)).isEqualTo(tallies(expected));
      assertThat(network.open).as("activations left open").hasValue(0);
    }
  }

  /** 32 wirings: at most log2(33) + 2 activations at a time on each thread. */
  @Test
  void memoryIsBounded() {
    InstrumentedNetwork network = instrumented(1);
    try (ResidualModel model = ResidualModel.of(network)) {
      LesionReport report =
          model.lesions().plan(LesionPlan.deleteSubsets()).options(batches(30)).run(IMAGES);
      assertThat(report.rows()).hasSize(32);
      // Intact and the empty subset are one wiring; 2^i different prefixes at each depth i.
      assertThat(report.cost().blockEvaluations()).isEqualTo(30 * (1 + 2 + 4 + 8 + 16));
    }
    assertThat(network.mostOpen.get()).isLessThanOrEqualTo(7);
    assertThat(network.open).hasValue(0);
  }

  /** One branch of the tree is deep, all others end soon: the deep one is walked last. */
  @Test
  void memoryIsBoundedInAnUnevenTree() {
    InstrumentedNetwork network = instrumented(1);
    try (ResidualModel model = ResidualModel.of(network)) {
      LesionReport report = model.lesions().deleteEachBlock().options(batches(30)).run(IMAGES);
      assertThat(report.rows()).hasSize(5);
    }
    assertThat(network.mostOpen.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void meansAndDonorsEqualBruteForce() {
    ImageSet reference = images(9, 2);
    ReferenceSet name = ReferenceSet.of(reference);
    try (Network network = network();
        ResidualModel model = ResidualModel.of(network())) {
      Lesion mean = Lesion.mean(name, 3);
      Lesion resample = Lesion.resample(name, 77, 3);
      LesionReport report =
          model
              .lesions()
              .lesions(mean, resample)
              .reference(reference)
              .options(batches(4))
              .run(IMAGES.range(5, 8));
      double[] average = branch(network, reference.batch(9), 3);
      double[] mean3 = new double[average.length / 9];
      for (int i = 0; i < average.length; i++) {
        mean3[i % mean3.length] += average[i] / 9;
      }
      for (int i = 0; i < 8; i++) {
        int record = 5 + i;
        int donor = BranchOutputs.donor(new BranchSource.Resample(name, 77), record, false);
        double[] other = branch(network, reference.batch(donor, 1), 3);
        check(report.rows().get(0), record, withBranch(network, IMAGES.batch(record, 1), 3, mean3));
        check(report.rows().get(1), record, withBranch(network, IMAGES.batch(record, 1), 3, other));
      }
    }
  }

  private static void check(LesionRow row, int record, double[] logits) {
    int best = 0;
    for (int c = 1; c < 3; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    assertThat(row.correctRecords().get(record))
        .as(row.lesion() + " on record " + record)
        .isEqualTo(best == IMAGES.batch(record, 1).labels()[0]);
  }

  private static double[] branch(Network network, ImageBatch batch, int block) {
    try (Activation y = upTo(network, batch, block);
        Activation branch = network.branch(block, y)) {
      return branch.values();
    }
  }

  private static Activation upTo(Network network, ImageBatch batch, int block) {
    Activation y = network.stem(Pixels.normalised(batch, TINY), batch.size());
    for (int i = 1; i < block; i++) {
      y = network.step(i, 1, 1, y);
    }
    return y;
  }

  private static double[] withBranch(
      Network network, ImageBatch batch, int block, double[] branch) {
    Activation y = upTo(network, batch, block);
    FeatureShape shape = TINY.block(block).output();
    y = network.step(block, 1, 1, y, network.activation(branch, 1, shape));
    for (int i = block + 1; i <= 5; i++) {
      y = network.step(i, 1, 1, y);
    }
    return network.head(y);
  }

  @Test
  void donorsDependOnSeedAndRecordAlone() {
    ReferenceSet reference = new ReferenceSet("0".repeat(64), 10, 5);
    BranchSource.Resample source = new BranchSource.Resample(reference, 3);
    List<Integer> donors = new ArrayList<>();
    for (int record = 0; record < 400; record++) {
      int donor = BranchOutputs.donor(source, record, true);
      assertThat(donor).isBetween(0, 4).isNotEqualTo(record - 10);
      assertThat(BranchOutputs.donor(source, record, true)).isEqualTo(donor);
      donors.add(donor);
    }
    assertThat(donors).contains(0, 1, 2, 3, 4);
    BranchSource.Resample other = new BranchSource.Resample(reference, 4);
    assertThat(donors.stream().limit(100).toList())
        .isNotEqualTo(
            java.util.stream.IntStream.range(0, 100)
                .mapToObj(record -> BranchOutputs.donor(other, record, true))
                .toList());
  }

  @Test
  void shardsOfRowsAndRangesMergeToTheWhole() {
    try (ResidualModel model = ResidualModel.of(network())) {
      var study = model.lesions().deleteRandom(1, 3).draws(4).seed(9).options(batches(5));
      LesionReport whole = study.run(IMAGES);
      LesionReport merged =
          LesionReport.merge(
              study.shard(2, 2).run(IMAGES.range(10, 20)),
              study.shard(1, 2).run(IMAGES.range(0, 10)),
              study.shard(1, 2).run(IMAGES.range(10, 20)),
              study.shard(2, 2).run(IMAGES.range(0, 10)));
      assertThat(merged.complete()).isTrue();
      assertThat(withoutProvenance(merged)).isEqualTo(withoutProvenance(whole));
      assertThat(
              merged.provenance().runs().stream().mapToLong(Provenance.Run::blockEvaluations).sum())
          .isGreaterThan(whole.cost().blockEvaluations());
      assertThat(study.shard(40, 50).run(IMAGES).rows()).isEmpty();
    }
  }

  @Test
  void shardsOfAnyPlanMergeToTheSameJson() {
    try (ResidualModel model = ResidualModel.of(network())) {
      ReferenceSet reference = ReferenceSet.of(IMAGES.limit(4));
      List<LesionPlan.Builder> plans =
          List.of(
              LesionPlan.deleteEach(),
              LesionPlan.deleteEachSkip(),
              LesionPlan.deletePairs(),
              LesionPlan.deleteSubsets(),
              LesionPlan.deleteRandom(1, 3).draws(3).seed(4),
              LesionPlan.duplicateRandom(1, 2).draws(3).seed(4),
              LesionPlan.deleteInRandomOrder().draws(3).seed(4),
              LesionPlan.of(
                  Lesion.mean(reference, 2),
                  Lesion.mean(reference, 2, 4),
                  Lesion.resample(reference, 1, 3)));
      for (LesionPlan.Builder kind : plans) {
        LesionPlan drawn = kind.build(TINY);
        LesionPlan plan =
            new LesionPlan(
                drawn.blocks(), drawn.description(), drawn.excluded(), SortedRows.of(drawn.rows()));
        LesionStudy given = model.lesions().plan(plan).options(batches(5));
        boolean replaces =
            plan.rows().stream().anyMatch(row -> row.lesion().applyTo(TINY).replacesBranches());
        LesionStudy study = replaces ? given.reference(IMAGES) : given;
        LesionReport whole = study.run(IMAGES);
        List<LesionReport> shards = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
          shards.add(study.shard(i, 3).run(IMAGES.range(0, 10)));
          shards.add(study.shard(i, 3).run(IMAGES.range(10, 20)));
        }
        shards.add(shards.get(2));
        Collections.shuffle(shards, new Random(plan.rows().size()));
        LesionReport merged = LesionReport.merge(shards.toArray(new LesionReport[0]));

        assertThat(withoutProvenance(merged)).isEqualTo(withoutProvenance(whole));
        assertThat(merged.complete()).isTrue();
      }
    }
  }

  private static JsonObject withoutProvenance(LesionReport report) {
    JsonObject json = JsonParser.parseString(report.toJson()).getAsJsonObject();
    json.remove("provenance");
    return json;
  }

  @Test
  void lesionsComeAfterTheViewsOwn() {
    try (ResidualModel model = ResidualModel.of(network())) {
      LesionReport report =
          model.withLesion(Lesion.delete(1)).lesions().lesions(Lesion.delete(2)).run(IMAGES);
      assertThat(report.base()).isEqualTo(Lesion.delete(1));
      assertThat(report.baseline().tallies())
          .isEqualTo(model.withLesion(Lesion.delete(1)).evaluate(IMAGES).row().tallies());
      assertThat(report.rows().get(0).tallies())
          .isEqualTo(model.withLesion(Lesion.delete(1, 2)).evaluate(IMAGES).row().tallies());
      assertThat(LesionReport.fromJson(report.toJson())).isEqualTo(report);
    }
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 2})
  @Timeout(60)
  void anInterruptedStudyIsAResultToo(int workers) {
    InstrumentedNetwork network = instrumented(workers);
    try (ResidualModel model = ResidualModel.of(network)) {
      Thread runner = Thread.currentThread();
      RunOptions options =
          batches(3)
              .withListener(
                  progress -> {
                    if (progress.images() >= 12 && progress.images() < 30) {
                      runner.interrupt();
                      // No batch counts until the runner has seen it.
                      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(100));
                    }
                  });
      var study = model.lesions().deleteEachBlock();
      // While the thread of an early batch is held up, the other one can finish all later batches:
      // then they count at once, there is nothing to interrupt, and the study is run again.
      StudyInterruptedException interrupted = null;
      boolean flagged = false;
      while (interrupted == null) {
        interrupted =
            catchThrowableOfType(
                StudyInterruptedException.class, () -> study.options(options).run(IMAGES));
        flagged = Thread.interrupted();
      }
      assertThat(flagged).as("the interrupt flag").isTrue();
      assertThat(network.open).as("activations left open").hasValue(0);
      LesionReport partial = interrupted.partialReport().orElseThrow();
      assertThat(partial.complete()).isFalse();
      int done = partial.rows().get(0).total();
      assertThat(done).isBetween(12, 29).isEqualTo(partial.baseline().total());
      LesionReport rest = study.options(batches(3)).run(IMAGES.range(done, 30 - done));
      LesionReport merged = LesionReport.merge(partial, rest);
      LesionReport whole = study.options(batches(3)).run(IMAGES);
      assertThat(merged.complete()).isTrue();
      assertThat(merged.rows().stream().map(LesionRow::loss).toList())
          .isEqualTo(whole.rows().stream().map(LesionRow::loss).toList());
    }
  }

  @Test
  void interruptedBeforeItBegins() {
    try (ResidualModel model = ResidualModel.of(network())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> model.lesions().deleteEachBlock().run(IMAGES))
          .isInstanceOfSatisfying(
              StudyInterruptedException.class, e -> assertThat(e.partialReport()).isEmpty());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(model.evaluate(IMAGES).total()).isEqualTo(30);
    }
  }

  @Test
  void progressEndsAtTheTotal() {
    try (ResidualModel model = ResidualModel.of(network())) {
      List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
      LesionReport report =
          model.lesions().deleteEachBlock().options(batches(7).withListener(seen::add)).run(IMAGES);
      assertThat(seen).hasSize(6);
      assertThat(seen.get(0).done()).isZero();
      assertThat(seen.get(5).done()).isEqualTo(seen.get(5).total());
      assertThat(seen.get(5).total()).isEqualTo(report.cost().blockEvaluations());
      assertThat(seen.get(5).images()).isEqualTo(30);
    }
  }

  @Test
  void aFailingListenerStopsTheStudyAndLeavesNothingOpen() {
    InstrumentedNetwork network = instrumented(2);
    try (ResidualModel model = ResidualModel.of(network)) {
      RunOptions options =
          batches(3)
              .withListener(
                  progress -> {
                    if (progress.images() >= 6) {
                      throw new IllegalArgumentException("stop here");
                    }
                  });
      assertThatThrownBy(() -> model.lesions().deleteEachBlock().options(options).run(IMAGES))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("stop here");
      assertThat(network.open).hasValue(0);
      assertThat(model.evaluate(IMAGES).total()).isEqualTo(30);
    }
  }

  @Test
  void aClosedModelSaysSo() {
    ResidualModel model = ResidualModel.of(network());
    ResidualModel view = model.withLesion(Lesion.delete(1));
    view.close();
    assertThat(model.evaluate(IMAGES).total()).isEqualTo(30);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.evaluate(IMAGES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model of tiny is closed; open it again");
    assertThatThrownBy(() -> view.lesions().deleteEachBlock().run(IMAGES))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> view.logits(IMAGES.batch(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> view.verify(IMAGES.batch(2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoThreadsOnOneModel() throws Exception {
    try (ResidualModel model = ResidualModel.of(network())) {
      LesionReport expected =
          model.lesions().plan(LesionPlan.deletePairs()).options(batches(6)).run(IMAGES);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        List<Future<LesionReport>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          results.add(
              threads.submit(
                  () ->
                      model
                          .lesions()
                          .plan(LesionPlan.deletePairs())
                          .options(batches(6))
                          .run(IMAGES)));
        }
        for (Future<LesionReport> result : results) {
          assertThat(tallies(result.get())).isEqualTo(tallies(expected));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void imagesMustFit() {
    ImageSet otherShape = ImageSets.of(new FeatureShape(3, 5, 6), new byte[90], new int[] {0}, 3);
    ImageSet otherClasses =
        ImageSets.of(new FeatureShape(3, 6, 6), new byte[108], new int[] {0}, 4);
    try (ResidualModel model = ResidualModel.of(network())) {
      assertThatThrownBy(() -> model.evaluate(otherShape))
          .isInstanceOf(InvalidImagesException.class)
          .hasMessage("the images have the shape (3, 5, 6) but tiny takes (3, 6, 6)");
      assertThatThrownBy(() -> model.lesions().deleteEachBlock().run(otherClasses))
          .isInstanceOf(InvalidImagesException.class)
          .hasMessageContaining("has 4 classes but tiny tells 3 apart");
    }
  }

  @Test
  void studiesThatCannotRun() {
    try (ResidualModel model = ResidualModel.of(network())) {
      assertThatThrownBy(() -> model.lesions().run(IMAGES))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the study has no lesions yet");
      assertThatThrownBy(
              () ->
                  model
                      .lesions()
                      .plan(LesionPlan.deleteEach().build(Architecture.resnet(20)))
                      .run(IMAGES))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessage("the plan was made for 9 blocks but tiny has 5");
      assertThatThrownBy(
              () ->
                  model.lesions().plan(new LesionPlan(5, "none", List.of(), List.of())).run(IMAGES))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessage("the plan is empty: it needs at least one lesion");
      ReferenceSet elsewhere = new ReferenceSet("1".repeat(64), 0, 1);
      assertThatThrownBy(() -> model.lesions().lesions(Lesion.mean(elsewhere, 1)).run(IMAGES))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("is not among the images given; give it as a study's reference");
      assertThatThrownBy(() -> model.withLesion(Lesion.mean(elsewhere, 1)).logits(IMAGES.batch(1)))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("is not among the images given");
    }
  }

  /** A view with its reference set predicts what a study of its lesion counts. */
  @Test
  void viewsThatReplaceBranchesAreWhatStudiesMeasure() {
    ReferenceSet inside = ReferenceSet.of(IMAGES.range(3, 12));
    ImageSet elsewhere = images(9, 77);
    ReferenceSet outside = ReferenceSet.of(elsewhere);
    try (ResidualModel model = ResidualModel.of(network())) {
      for (Lesion lesion :
          List.of(
              Lesion.mean(inside, 2, 4),
              Lesion.mean(outside, 1),
              Lesion.resample(inside, 5, 1, 3),
              Lesion.resample(outside, 5, 2),
              Lesion.resample(inside, 5, 1).then(Lesion.mean(outside, 5)).then(Lesion.delete(2)))) {
        LesionRow row =
            model
                .lesions()
                .lesions(lesion)
                .reference(elsewhere)
                .options(batches(10))
                .run(IMAGES)
                .rows()
                .get(0);
        ResidualModel view = model.withLesion(lesion, IMAGES.range(0, 20), elsewhere);
        int[] labels = IMAGES.batch(30).labels();
        double loss = 0;
        for (int from = 0; from < 30; from += 10) {
          ImageBatch batch = IMAGES.batch(from, 10);
          double[][] logits = view.logits(batch);
          assertThat(view.intermediates(batch).logits()).isDeepEqualTo(logits);
          for (int n = 0; n < 10; n++) {
            loss -= logProbabilities(logits[n])[labels[from + n]] / 30;
          }
        }
        assertThat(loss).as(lesion.toString()).isCloseTo(row.loss().orElseThrow(), within(1e-8));
        assertThat(view.evaluate(IMAGES, batches(10)).row().tallies()).isEqualTo(row.tallies());
        assertThat(view.withLesion(Lesion.delete(3)).logits(IMAGES.batch(2)))
            .isDeepEqualTo(
                model
                    .withLesion(lesion.then(Lesion.delete(3)), IMAGES, elsewhere)
                    .logits(IMAGES.batch(2)));
        assertThat(
                view.lesions()
                    .deleteEachBlock()
                    .options(batches(10))
                    .run(IMAGES)
                    .baseline()
                    .tallies())
            .isEqualTo(row.tallies());
        assertThatThrownBy(() -> view.unravelled(IMAGES.batch(1)))
            .isInstanceOf(InvalidLesionException.class)
            .hasMessageContaining("which are no paths of its input");
      }
    }
  }

  @Test
  void meansOfAViewAreTakenOnce() {
    InstrumentedNetwork network = instrumented(1);
    try (ResidualModel model = ResidualModel.of(network)) {
      ResidualModel view = model.withLesion(Lesion.mean(ReferenceSet.of(IMAGES), 2), IMAGES);
      double[][] first = view.logits(IMAGES.batch(1));
      long once = network.branches.get();
      assertThat(view.logits(IMAGES.batch(1))).isDeepEqualTo(first);
      assertThat(network.branches.get()).isEqualTo(once + 4);
      assertThat(network.open).hasValue(0);
    }
  }

  /** A branch whose gain is 0 needs no output, wherever it would have come from. */
  @Test
  void replacedBranchesOfGainZeroNeedNoReferenceSet() {
    Lesion lesion = Lesion.mean(new ReferenceSet("1".repeat(64), 0, 1), 2).then(Lesion.scale(2, 0));
    try (ResidualModel model = ResidualModel.of(network())) {
      ResidualModel view = model.withLesion(lesion);
      ResidualModel deleted = model.withLesion(Lesion.delete(2));
      assertThat(view.logits(IMAGES.batch(3))).isDeepEqualTo(deleted.logits(IMAGES.batch(3)));
      assertThat(view.evaluate(IMAGES).row().tallies())
          .isEqualTo(deleted.evaluate(IMAGES).row().tallies());
      assertThat(view.gradients().exact().run(IMAGES.batch(3)).fullNorm())
          .isEqualTo(deleted.gradients().exact().run(IMAGES.batch(3)).fullNorm());
      assertThat(view.unravelled(IMAGES.batch(1)).paths()).isEqualTo(16);
    }
  }

  @Test
  void intermediatesAreTheStepsOutputs() {
    try (ResidualModel model = ResidualModel.of(network());
        Network network = network()) {
      Intermediates outputs = model.withLesion(Lesion.delete(2)).intermediates(IMAGES.batch(4));
      assertThat(outputs.shapes()).hasSize(6).endsWith(new FeatureShape(6, 3, 3));
      Activation y = network.stem(Pixels.normalised(IMAGES.batch(4), TINY), 4);
      assertThat(outputs.output(0)).containsExactly(y.values());
      y = network.step(2, 1, 0, network.step(1, 1, 1, y));
      assertThat(outputs.output(2)).containsExactly(y.values());
      assertThat(outputs.logits()).hasDimensions(4, 3);
      assertThatThrownBy(() -> outputs.output(6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void logitsThatAreNotFiniteCountAsWrong() {
    Network broken =
        new InstrumentedNetwork(network(), 1) {
          @Override
          public double[] head(Activation input) {
            double[] logits = super.head(input);
            logits[0] = Double.POSITIVE_INFINITY;
            return logits;
          }
        };
    try (ResidualModel model = ResidualModel.of(broken)) {
      Evaluation evaluation = model.evaluate(IMAGES, batches(30));
      assertThat(evaluation.row().nonFinite()).isEqualTo(1);
      assertThat(evaluation.row().correctRecords().get(0)).isFalse();
      assertThat(evaluation.loss()).isEmpty();
    }
  }

  @Test
  void verificationPassesOnTheReference() {
    try (ResidualModel model = ResidualModel.of(network())) {
      Verification verification = model.verify(IMAGES.batch(3));
      assertThat(verification.failures()).isEmpty();
      assertThat(verification.passed()).isTrue();
      assertThat(verification.checks()).hasSize(2 * 5 + 3);
      double[][] logits = model.logits(IMAGES.batch(2));
      assertThat(model.verify(IMAGES.batch(3), logits, 1e-6).passed()).isTrue();
      logits[1][2] += 0.5;
      Verification deviating = model.verify(IMAGES.batch(3), logits, 1e-6);
      assertThat(deviating.passed()).isFalse();
      assertThat(deviating.parity().largest()).isCloseTo(0.5, within(1e-9));
      assertThat(deviating.parity().firstDeviation()).isEmpty();
      assertThatThrownBy(() -> model.verify(IMAGES.batch(1)))
          .hasMessage("verification needs at least 2 images, got 1");
    }
  }

  @Test
  void verificationFindsTheFirstBlockThatDeviates() {
    Network wrong =
        new InstrumentedNetwork(network(), 1) {
          @Override
          public Activation step(int block, double skip, double branch, Activation input) {
            return super.step(block, skip, block == 4 ? branch * 1.1 : branch, input);
          }
        };
    try (ResidualModel model = ResidualModel.of(wrong);
        ResidualModel right = ResidualModel.of(network())) {
      Verification verification =
          model.verify(IMAGES.batch(2), right.logits(IMAGES.batch(2)), 1e-6);
      assertThat(verification.parity().firstDeviation()).hasValue(4);
      assertThat(verification.failures().stream().map(Verification.Check::name))
          .contains("the blockwise run equals the whole network", "logits equal those given");
    }
  }

  @Test
  void verificationFailsClosed() {
    Network nan =
        new InstrumentedNetwork(network(), 1) {
          @Override
          public Activation skip(int block, Activation input) {
            Activation skip = super.skip(block, input);
            double[] values = skip.values();
            values[0] = Double.NaN;
            return network.activation(values, skip.images(), skip.shape());
          }
        };
    Network drifting =
        new InstrumentedNetwork(network(), 1) {
          @Override
          public double[] head(Activation input) {
            double[] logits = super.head(input);
            logits[0] += branches.get() * 1e-3;
            return logits;
          }
        };
    Network bent =
        new InstrumentedNetwork(network(), 1) {
          @Override
          public Activation skip(int block, Activation input) {
            Activation skip = super.skip(block, input);
            double[] values = skip.values();
            for (int i = 0; i < values.length; i++) {
              values[i] *= values[i];
            }
            return network.activation(values, skip.images(), skip.shape());
          }
        };
    try (ResidualModel a = ResidualModel.of(nan);
        ResidualModel b = ResidualModel.of(drifting);
        ResidualModel c = ResidualModel.of(bent)) {
      assertThat(a.verify(IMAGES.batch(2)).failures()).isNotEmpty();
      assertThat(b.verify(IMAGES.batch(2)).failures().stream().map(Verification.Check::name))
          .contains("statistics are frozen: a second run gives the same bits");
      assertThat(c.verify(IMAGES.batch(2)).failures().stream().map(Verification.Check::name))
          .contains(
              "the skip connection is affine",
              "with a branch gain of 0 the block gives post(skip)");
    }
  }

  @Test
  void provenanceNamesEverything() {
    try (ResidualModel model = ResidualModel.of(network())) {
      var provenance =
          model.lesions().deleteEachBlock().options(batches(7)).run(IMAGES).provenance();
      assertThat(provenance.weightsSha256()).isEqualTo(new RandomWeights(TINY, 5).sha256());
      assertThat(provenance.dataSha256()).isEqualTo(IMAGES.sha256());
      assertThat(provenance.batchSize()).isEqualTo(7);
      assertThat(provenance.precision()).isEqualTo(Precision.FLOAT64);
      assertThat(provenance.runs()).hasSize(1);
      assertThat(provenance.runs().get(0).backend()).isEqualTo("reference");
      assertThat(provenance.runs().get(0).libraryVersion()).matches("[0-9]+\\..*");
    }
  }

  @Test
  void everyResultCarriesTheNetworksFingerprint() {
    InstrumentedNetwork network = instrumented(2);
    try (ResidualModel model = ResidualModel.of(network);
        ResidualModel other =
            ResidualModel.of(
                new InstrumentedNetwork(network(), 1) {
                  @Override
                  public double[] head(Activation input) {
                    double[] logits = super.head(input);
                    logits[0] += 1e-6;
                    return logits;
                  }
                })) {
      Fingerprint fingerprint =
          model.evaluate(IMAGES, batches(7)).provenance().fingerprint().orElseThrow();
      long evaluated = network.branches.get();
      assertThat(fingerprint.logits()).hasSize(4 * 3);
      assertThat(evaluated).isEqualTo((30 + 4) * 5L);
      assertThat(model.withLesion(Lesion.delete(2)).evaluate(IMAGES, batches(30)).provenance())
          .extracting(Provenance::fingerprint)
          .isEqualTo(Optional.of(fingerprint));
      assertThat(network.branches.get()).as("taken once").isEqualTo(evaluated + 30 * 4);
      try (ResidualModel plain = ResidualModel.of(network())) {
        assertThat(plain.gradients().exact().run(IMAGES.batch(3)).provenance().fingerprint())
            .hasValue(fingerprint);
      }
      LesionReport a = model.lesions().deleteEachBlock().run(IMAGES.range(0, 10));
      LesionReport b = other.lesions().deleteEachBlock().run(IMAGES.range(10, 20));
      assertThat(a.provenance().weightsSha256()).isEqualTo(b.provenance().weightsSha256());
      assertThatThrownBy(() -> LesionReport.merge(a, b)).isInstanceOf(MergeException.class);
    }
  }

  /** Nothing is run before a result needs it. */
  @Test
  void aModelWithoutResultsTakesNoFingerprint() {
    InstrumentedNetwork network = instrumented(1);
    try (ResidualModel model = ResidualModel.of(network)) {
      double[][] unused = model.logits(IMAGES.batch(1));
      assertThat(network.branches).hasValue(5);
    }
  }

  /** The noise is part of the format: merging compares results of different machines. */
  @Test
  void theNoiseIsTheSameEverywhere() {
    try (ResidualModel model = ResidualModel.of(network())) {
      assertThat(
              model
                  .evaluate(IMAGES)
                  .provenance()
                  .fingerprint()
                  .orElseThrow()
                  .logits()
                  .subList(0, 3))
          .usingElementComparator((x, y) -> Math.abs(x - y) < 1e-9 ? 0 : 1)
          .containsExactly(-2.4401275647647847, -2.7622934170236535, -10.123805106732327);
    }
  }

  @Test
  void wiringsOfViews() {
    try (ResidualModel model = ResidualModel.of(network())) {
      assertThat(model.wiring()).isEqualTo(Wiring.intact(TINY));
      assertThat(model.withLesion(Lesion.swap(4, 5)).wiring().order())
          .containsExactly(1, 2, 3, 5, 4);
      assertThat(model.withLesion(Lesion.delete(1)).withLesion(Lesion.delete(2)).lesion())
          .isEqualTo(Lesion.delete(1).then(Lesion.delete(2)));
      assertThatThrownBy(() -> model.withLesion(Lesion.swap(2, 4)))
          .isInstanceOf(InvalidLesionException.class);
    }
  }

  /** Shards of lists and draws alike are merged to what one run gives. */
  @Test
  void shardsOfListedLesionsAreMerged() {
    try (ResidualModel model = ResidualModel.of(longer())) {
      LesionStudy study = model.lesions().deleteRandom(1, 3).seed(4).draws(30);

      LesionReport one = study.shard(1, 2).run(IMAGES);
      LesionReport merged = LesionReport.merge(study.shard(2, 2).run(IMAGES), one);

      assertThat(one.statistics().curve()).noneMatch(CurvePoint::complete);
      assertThat(merged.rows()).isEqualTo(study.run(IMAGES).rows());
      assertThat(merged.statistics().curve())
          .extracting(CurvePoint::complete)
          .containsExactly(true, true, false);
    }
  }

  /** The average and its ambiguity, from the logits of single networks. */
  @Test
  void anEnsembleIsTheMeanOfLogProbabilities() {
    try (ResidualModel model = ResidualModel.of(network())) {
      EnsembleAnalysis analysis =
          model.lesions().deleteEachBlock().options(batches(7)).runAsEnsemble(IMAGES);

      double loss = 0;
      double ambiguity = 0;
      int wrong = 0;
      for (int i = 0; i < IMAGES.size(); i++) {
        ImageBatch one = IMAGES.batch(i, 1);
        double[][] logProbabilities = new double[5][];
        double[] mean = new double[3];
        for (int block = 1; block <= 5; block++) {
          double[] member = logProbabilities(model.withLesion(Lesion.delete(block)).logits(one)[0]);
          logProbabilities[block - 1] = member;
          for (int c = 0; c < 3; c++) {
            mean[c] += member[c] / 5;
          }
        }
        double[] average = logProbabilities(mean);
        int label = one.labels()[0];
        loss -= average[label] / IMAGES.size();
        wrong += average[label] < Arrays.stream(average).max().orElseThrow() ? 1 : 0;
        for (double[] member : logProbabilities) {
          for (int c = 0; c < 3; c++) {
            ambiguity += Math.exp(average[c]) * (average[c] - member[c]) / 5 / IMAGES.size();
          }
        }
      }

      assertThat(analysis.members())
          .usingRecursiveComparison()
          .ignoringFields("provenance")
          .isEqualTo(model.lesions().deleteEachBlock().options(batches(7)).run(IMAGES));
      assertThat(analysis.averageLoss().orElseThrow()).isCloseTo(loss, within(1e-8));
      assertThat(analysis.ambiguity().orElseThrow())
          .isPositive()
          .isCloseTo(ambiguity, within(1e-8));
      assertThat(analysis.average().wrong()).isEqualTo(wrong);
      assertThat(analysis.averageErrorRate().value()).isEqualTo(wrong / 30.0);
      assertThat(JsonNode.parse(analysis.toJson(), "it").get("ambiguity").number())
          .isCloseTo(ambiguity, within(1e-8));
      assertThat(EnsembleAnalysis.fromJson(analysis.toJson())).isEqualTo(analysis);
      assertThatThrownBy(() -> EnsembleAnalysis.fromJson(analysis.members().toJson()))
          .isInstanceOf(InvalidJsonException.class)
          .hasMessage(
              "the text is no ensemble analysis: its field 'kind' is not 'ensemble-analysis'");
    }
  }

  private static double[] logProbabilities(double[] logits) {
    double sum = Math.log(Arrays.stream(logits).map(Math::exp).sum());
    return Arrays.stream(logits).map(logit -> logit - sum).toArray();
  }

  @Test
  void blockValuesOfRowsAreThoseOfSeparateNetworks() {
    try (ResidualModel model = ResidualModel.of(network())) {
      BlockValues exact =
          model
              .lesions()
              .plan(LesionPlan.deleteSubsets())
              .run(IMAGES)
              .blockValues(Payoff.NEGATIVE_LOSS);
      BlockValues sampled =
          model
              .lesions()
              .plan(LesionPlan.deleteInRandomOrder())
              .draws(300)
              .seed(1)
              .run(IMAGES)
              .blockValues(Payoff.NEGATIVE_LOSS);

      double none =
          model.withLesion(Lesion.delete(1, 2, 3, 4, 5)).evaluate(IMAGES).loss().orElseThrow();
      assertThat(exact.empty()).isEqualTo(-none);
      assertThat(exact.full()).isEqualTo(-model.evaluate(IMAGES).loss().orElseThrow());
      assertThat(exact.interactions()).hasSize(10);
      assertThat(sampled.draws()).isEqualTo(300);
      assertThat(sampled.full()).isEqualTo(exact.full());
      assertThat(sampled.empty()).isEqualTo(exact.empty());
      for (int i = 0; i < 5; i++) {
        Estimate estimate = sampled.blocks().get(i).shapley();
        assertThat(estimate.value() - exact.blocks().get(i).shapley().value())
            .isBetween(-2 * estimate.interval().width(), 2 * estimate.interval().width());
      }
    }
  }

  @Test
  void ordersNestAndSkipsAreDeletedOnceEach() {
    LesionPlan orders = LesionPlan.deleteInRandomOrder().draws(2).seed(3).build(TINY);
    LesionPlan more = LesionPlan.deleteInRandomOrder().draws(3).seed(3).build(TINY);

    assertThat(orders.rows()).hasSize(10);
    assertThat(more.rows()).hasSize(15).containsSubsequence(orders.rows());
    for (int draw = 1; draw <= 2; draw++) {
      for (int k = 1; k < 5; k++) {
        assertThat(deleted(orders, k + 1, draw))
            .hasSize(k + 1)
            .containsAll(deleted(orders, k, draw));
      }
      assertThat(deleted(orders, 5, draw)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }
    assertThat(LesionPlan.deleteEachSkip().build(TINY).rows())
        .extracting(PlannedLesion::lesion)
        .startsWith(Lesion.deleteSkip(1))
        .hasSize(5);
  }

  private static Set<Integer> deleted(LesionPlan orders, int k, int draw) {
    PlannedLesion row = orders.rows().get(2 * (k - 1) + draw - 1);
    assertThat(row.k()).hasValue(k);
    assertThat(row.draw()).hasValue(draw);
    return ((Lesion.Delete) row.lesion()).blocks();
  }
}
