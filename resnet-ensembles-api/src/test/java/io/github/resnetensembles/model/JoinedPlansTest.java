package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.report.PublishedComparison;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.statistics.RankCorrelation;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several plans in one study, and settings that none of them has a use for. */
class JoinedPlansTest {
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
                  BlockSpec.of(BlockKind.BASIC, 6, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  private static final ImageSet IMAGES = images();

  private static ResidualModel model;

  private static ImageSet images() {
    Random random = new Random(1);
    byte[] pixels = new byte[12 * 3 * 6 * 6];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, random.ints(12, 0, 3).toArray(), 3);
  }

  @BeforeAll
  static void open() {
    model =
        ResidualModel.of(
            new ReferenceBackend()
                .network(new RandomWeights(TINY, 5), ModelOptions.defaults().withThreads(2)));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static LesionStudy joined() {
    return model
        .lesions()
        .deleteEachBlock()
        .deleteRandom(1, 2)
        .plan(LesionPlan.duplicateRandom(1, 2))
        .draws(3);
  }

  @Test
  void aStudyRunsAllItsPlansInTheirOrder() {
    LesionReport report = joined().run(IMAGES);

    List<LesionReport> parts = report.byPlan();
    assertThat(parts).hasSize(3);
    List<LesionReport> alone =
        List.of(
            model.lesions().deleteEachBlock().run(IMAGES),
            model.lesions().deleteRandom(1, 2).draws(3).run(IMAGES),
            model.lesions().plan(LesionPlan.duplicateRandom(1, 2)).draws(3).run(IMAGES));
    for (int i = 0; i < 3; i++) {
      assertThat(parts.get(i))
          .usingRecursiveComparison()
          .ignoringFields("provenance")
          .isEqualTo(alone.get(i));
    }
    assertThat(report.rows()).extracting(LesionRow::planned).isEqualTo(joined().plan().rows());
    assertThat(alone.get(0).byPlan()).containsExactly(alone.get(0));
    assertThat(LesionReport.fromJson(report.toJson())).isEqualTo(report);
    assertThat(report.toCsv().lines()).first().asString().endsWith(",baselineLoss,plan");
    assertThat(report.toCsv().lines().skip(5)).first().asString().endsWith(",2");
    assertThat(alone.get(0).toCsv().lines()).first().asString().endsWith(",baselineLoss");
  }

  /** Whatever the order of the plans and of the shards. */
  @Test
  void shardsMergeToTheSingleRun() {
    LesionStudy study =
        model
            .lesions()
            .deleteRandom(1, 2)
            .plan(LesionPlan.duplicateRandom(1, 2))
            .draws(3)
            .deleteEachBlock();
    LesionReport whole = study.run(IMAGES);

    LesionReport merged =
        LesionReport.merge(
            study.shard(3, 3).run(IMAGES),
            study.shard(1, 3).run(IMAGES),
            study.shard(2, 3).run(IMAGES));

    assertThat(merged.rows()).isEqualTo(whole.rows());
    assertThat(merged.byPlan()).hasSize(3);
    assertThatThrownBy(
            () ->
                LesionReport.merge(
                    whole, model.lesions().plan(LesionPlan.deletePairs()).run(IMAGES)))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith("some of the reports are of joined plans and others are not");
  }

  /** Rows of several plans would be mixed in one number. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void statisticsOfSeveralPlansAreRefused(
      String message, Function<LesionReport, Object> statistic) {
    LesionReport report = joined().run(IMAGES);

    assertThatThrownBy(() -> statistic.apply(report))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .hasMessageEndingWith("report.byPlan()");
  }

  static Stream<Arguments> statisticsOfSeveralPlansAreRefused() {
    return Stream.of(
        Arguments.of("2 would be mixed in one curve;", of(r -> r.statistics().curve())),
        Arguments.of(
            "3 would be mixed in one rank correlation;",
            of(r -> r.statistics().rankCorrelation(RankCorrelation.SPEARMAN))),
        Arguments.of("3 would be mixed in one fit;", of(r -> r.statistics().pathFit())),
        Arguments.of(
            "3 would be mixed in one correlation of errors;",
            of(r -> r.statistics().errorCorrelation())),
        Arguments.of("joins 3 plans", of(r -> r.blockValues(Payoff.ACCURACY))));
  }

  private static Function<LesionReport, Object> of(Function<LesionReport, Object> statistic) {
    return statistic;
  }

  @Test
  void statisticsThatNeedOnePlanTakeItFromAJoinedReport() {
    LesionReport report = model.lesions().deleteEachBlock().deleteRandom(1, 2).draws(3).run(IMAGES);

    assertThat(report.statistics().curve())
        .isEqualTo(report.byPlan().get(1).statistics().curve())
        .hasSize(2);
    assertThat(report.statistics().pairedTests()).hasSize(10);
    LesionReport pairs =
        model.lesions().deleteEachBlock().plan(LesionPlan.deletePairs()).run(IMAGES);
    assertThat(pairs.statistics().interactions()).hasSize(6);
    LesionReport subsets =
        model
            .lesions()
            .deleteEachBlock()
            .plan(LesionPlan.deletePairs())
            .plan(LesionPlan.deleteSubsets())
            .run(IMAGES);
    assertThat(subsets.statistics().interactions()).isEqualTo(pairs.statistics().interactions());
    assertThat(subsets.byPlan().get(2).blockValues(Payoff.ACCURACY).exact()).isTrue();
    assertThat(PublishedComparison.of(report)).isEmpty();
  }

  @Test
  void eachSectionOfAReportTakesTheRowsOfItsPlan() {
    LesionReport whole = joined().run(IMAGES);

    Report joined = Report.of(whole);
    Report apart = Report.of(whole.byPlan().toArray(LesionReport[]::new));

    assertThat(joined).isEqualTo(apart);
    assertThat(joined.sections())
        .extracting(ReportSection::kind)
        .contains(
            ReportSection.Kind.DELETE_ONE,
            ReportSection.Kind.DELETE_MANY,
            ReportSection.Kind.DUPLICATE);
    assertThatThrownBy(
            () ->
                Report.of(
                    model.lesions().deleteEachBlock().lesions(Lesion.scale(1, 2)).run(IMAGES)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its rows, of which the first is scale{1=2.0}, are of no study");
  }

  /** As merging made them of studies that were not joined. */
  @Test
  void rowsDrawnBesideOthersAreNoStudy() {
    LesionReport mixed =
        LesionReport.merge(
            model.lesions().deleteEachBlock().run(IMAGES),
            model.lesions().deleteRandom(1, 2).draws(3).run(IMAGES));

    assertThatThrownBy(() -> Report.of(mixed))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("6 of its 10 rows were drawn at random and the others were not");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void settingsWithoutEffectAreRefused(String message, LesionStudy study) {
    assertThatThrownBy(() -> study.run(IMAGES))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> study.cost(IMAGES)).hasMessage(message);
  }

  static Stream<Arguments> settingsWithoutEffectAreRefused() {
    open();
    LesionPlan plan = LesionPlan.deleteRandom(1, 2).build(TINY);
    LesionStudy study = model.lesions();
    return Stream.of(
        Arguments.of(
            "draws(7) has no effect on this study: nothing is drawn; leave it out",
            study.plan(plan).draws(7)),
        Arguments.of(
            "seed(99) has no effect on this study: nothing is drawn; leave it out",
            study.seed(99).plan(plan)),
        Arguments.of(
            "draws(7) has no effect on this study: nothing is drawn; leave it out",
            study.draws(7).deleteEachBlock().plan(LesionPlan.deletePairs())),
        Arguments.of(
            "exclude(transitions) has no effect on this study: given lesions and plans damage the"
                + " blocks that they name; leave it out",
            study.lesions(Lesion.delete(4)).plan(plan).exclude(Exclusion.transitions())),
        Arguments.of(
            "reference(...) has no effect on this study: no lesion replaces branches by their mean"
                + " or by other images' outputs; leave it out",
            study.deleteEachBlock().reference(IMAGES)));
  }

  @Test
  void settingsReachThePlansThatTakeThem() {
    LesionPlan given = LesionPlan.of(Lesion.mean(ReferenceSet.of(IMAGES), 2)).build(TINY);
    LesionStudy study =
        model
            .lesions()
            .plan(given)
            .deleteRandom(1, 1)
            .draws(2)
            .seed(9)
            .exclude(Exclusion.transitions())
            .reference(IMAGES);

    assertThat(study.plan())
        .isEqualTo(
            LesionPlan.join(
                given,
                LesionPlan.deleteRandom(1, 1)
                    .draws(2)
                    .seed(9)
                    .exclude(Exclusion.transitions())
                    .build(TINY)));
    assertThat(study.run(IMAGES).excluded()).containsExactly(3);
    assertThat(study.shard(2, 3).run(IMAGES).rows()).hasSize(1);
    assertThatThrownBy(() -> model.lesions().deleteEachBlock().draws(0))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage("a study has at least one draw for each k, got 0");
  }

  @Test
  void gradientSettingsWithoutEffectAreRefused() {
    GradientProbe probe = model.gradients();
    assertThatThrownBy(() -> probe.seed(3).run(IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("seed(3) has no effect: nothing is drawn to measure exact sums; leave it out");
    assertThatThrownBy(() -> probe.path(1, 3).seed(3).cost(IMAGES))
        .hasMessage(
            "seed(3) has no effect: nothing is drawn to measure the path {1,3}; leave it out");
    assertThatThrownBy(() -> probe.exact().sampled(5))
        .hasMessage(
            "a probe measures one thing, got exact sums and 5 sampled paths of each length: run two"
                + " probes");
    assertThatThrownBy(() -> probe.maxLength(2).path(ResidualPath.of(1)))
        .hasMessage(
            "a single path is measured whatever its length, got a largest length of 2: leave it"
                + " out");
    assertThatThrownBy(() -> probe.precision(0.1).run(IMAGES.batch(4)))
        .hasMessage(
            "precision(0.1) has no effect on one batch, which is measured to its end; run it on a"
                + " set of images, or leave it out");
    assertThat(
            probe.seed(3).sampled(2).sampled(2).batchNorm(BatchNormMode.EVAL).run(IMAGES).lengths())
        .isNotEmpty();
    assertThat(IMAGES.size()).isEqualTo(12);
  }

  @Test
  void rowsKeepTheirNumberInThePlan() {
    LesionPlan plan = joined().plan();
    assertThat(plan.rows()).extracting(row -> row.plan().getAsInt()).isSorted().contains(1, 2, 3);
    assertThat(plan.rows().stream().map(PlannedLesion::draw).distinct()).hasSize(4);
  }
}
