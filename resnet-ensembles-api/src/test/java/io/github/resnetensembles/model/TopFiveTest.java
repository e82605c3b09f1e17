package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.Tally;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images whose class is not among the five largest logits. */
class TopFiveTest {
  private static final ImageSet IMAGES = TwelveClasses.IMAGES;

  private ResidualModel model;

  @BeforeEach
  void open() {
    model = TwelveClasses.open();
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static RunOptions batches(int size) {
    return RunOptions.defaults().withBatchSize(size);
  }

  private LesionReport each(ImageSet images) {
    return model.lesions().deleteEachBlock().options(batches(7)).run(images);
  }

  /** As a report of a version that did not look at the five largest. */
  private static LesionReport older(LesionReport report) {
    String json = report.toJson();
    String without =
        json.replaceAll("\"top5Wrong\":\\d+,", "").replaceAll(",\"top5\":\"[^\"]*\"", "");
    assertThat(without).isNotEqualTo(json).doesNotContain("top5");
    return LesionReport.fromJson(without);
  }

  /** Sorted in full, equal ones by class. */
  private BitSet bySorting(Lesion lesion) {
    BitSet wrong = new BitSet();
    for (int i = 0; i < IMAGES.size(); i++) {
      ImageBatch one = IMAGES.batch(i, 1);
      double[] logits = model.withLesion(lesion).logits(one)[0];
      List<Integer> classes = new ArrayList<>(IntStream.range(0, 12).boxed().toList());
      classes.sort(Comparator.comparingDouble(c -> -logits[c]));
      wrong.set(i, !classes.subList(0, 5).contains(one.labels()[0]));
    }
    return wrong;
  }

  @Test
  void equalsAFullSort() {
    LesionReport report = each(IMAGES);
    for (LesionRow row : report.rows()) {
      BitSet wrong = bySorting(row.lesion());
      assertThat(row.top5Wrong()).hasValue(wrong.cardinality());
      assertThat(row.tallies().get(0).top5().orElseThrow().stream())
          .doesNotContainAnyElementsOf(wrong.stream().boxed().toList());
      assertThat(row.top5Wrong().orElseThrow()).isBetween(1, row.wrong() - 1);
    }
    Evaluation evaluation = model.evaluate(IMAGES);
    assertThat(evaluation.top5Wrong()).hasValue(bySorting(Lesion.intact()).cardinality());
    assertThat(evaluation.toJson())
        .contains(
            "\"wrong\":%s,\"top5Wrong\":%s,\"total\":40"
                .formatted(evaluation.wrong(), evaluation.top5Wrong().orElseThrow()));
    assertThat(Evaluation.fromJson(evaluation.toJson())).isEqualTo(evaluation);
  }

  /** Twelve equal logits: the first five classes are the largest. */
  @ParameterizedTest
  @CsvSource({"0, 0", "4, 0", "5, 1", "11, 1"})
  void theFirstOfEqualLogitsCount(int label, int wrong) {
    TallyBuilder tally = new TallyBuilder(0, 12, Measures.none());
    tally.add(new double[12], new int[] {label});
    assertThat(tally.build().top5Wrong()).hasValue(wrong);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 11", "NaN, 0", "Infinity, 0", "-Infinity, 11"})
  void whatIsNotFiniteIsWrong(double value, int at) {
    double[] logits = new double[12];
    logits[3] = 5;
    logits[at] = value;
    TallyBuilder tally = new TallyBuilder(0, 12, Measures.none());
    tally.add(logits, new int[] {3});
    assertThat(tally.build().top5Wrong()).hasValue(1);
    assertThat(tally.build().wrong()).isEqualTo(1);
  }

  @Test
  void fewClassesHaveNone() {
    TallyBuilder ten = new TallyBuilder(0, 10, Measures.none());
    ten.add(new double[10], new int[] {3});
    assertThat(ten.build().top5Wrong()).isEmpty();
    TallyBuilder eleven = new TallyBuilder(0, 11, Measures.none());
    eleven.add(new double[11], new int[] {3});
    assertThat(eleven.build().top5Wrong()).hasValue(0);
    assertThatThrownBy(() -> ten.build().withTop5(new BitSet()))
        .hasMessage("the five largest of 10 classes are not looked at, only of 11 or more");
  }

  @Test
  void shardsMergeToTheWholeRun() {
    LesionReport whole = each(IMAGES);
    LesionPlan plan = LesionPlan.deleteEach().build(model.architecture());
    List<LesionReport> shards = new ArrayList<>();
    for (int shard = 1; shard <= 2; shard++) {
      for (ImageSet part : List.of(IMAGES.range(0, 14), IMAGES.range(14, 26))) {
        shards.add(model.lesions().plan(plan).shard(shard, 2).options(batches(7)).run(part));
      }
    }
    Random random = new Random(1);
    for (int round = 0; round < 5; round++) {
      Collections.shuffle(shards, random);
      LesionReport merged = LesionReport.merge(shards.toArray(new LesionReport[0]));
      assertThat(merged.rows()).isEqualTo(whole.rows());
      assertThat(merged.baseline()).isEqualTo(whole.baseline());
      assertThat(LesionReport.fromJson(merged.toJson())).isEqualTo(merged);
    }
    assertThat(LesionReport.merge(whole, shards.get(0)).rows()).isEqualTo(whole.rows());
  }

  @Test
  void shardsThatDisagreeAreRefused() {
    LesionReport whole = each(IMAGES);
    LesionRow row = whole.rows().get(0);
    Tally tally = row.tallies().get(0);
    BitSet top5 = tally.top5().orElseThrow();
    BitSet more = (BitSet) top5.clone();
    more.set(top5.nextClearBit(0));
    LesionRow other = new LesionRow(row.planned(), row.order(), List.of(tally.withTop5(more)));
    LesionReport changed =
        new LesionReport(
            whole.base(),
            whole.baseline(),
            List.of(other),
            whole.excluded(),
            whole.cost(),
            whole.records(),
            whole.provenance());
    assertThatThrownBy(() -> LesionReport.merge(whole, changed))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the results of delete{1} disagree on the records [0, 40)");
  }

  /** What one of two results does not know, their union does not. */
  @Test
  void olderResultsAreReadAndMerged() {
    LesionReport whole = each(IMAGES);
    LesionReport first = older(each(IMAGES.range(0, 14)));
    LesionReport second = each(IMAGES.range(14, 26));

    assertThat(first.rows().get(0).top5Wrong()).isEmpty();
    LesionReport merged = LesionReport.merge(first, second);
    assertThat(LesionReport.merge(second, first)).isEqualTo(merged);
    assertThat(merged.rows()).isEqualTo(older(whole).rows());
    assertThat(LesionReport.merge(whole, older(whole)).rows()).isEqualTo(older(whole).rows());
    assertThat(first.toCsv()).doesNotContain("top5");
    assertThatThrownBy(() -> merged.statistics().top5())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("the row intact does not say which images had their class among");
  }

  @Test
  void bitsThatCannotBeAreRefused() {
    Tally tally = model.evaluate(IMAGES).row().tallies().get(0);
    BitSet correct = tally.correct();
    assertThat(tally.withTop5(correct).top5Wrong()).hasValue(tally.wrong());
    BitSet less = (BitSet) correct.clone();
    less.clear(correct.nextSetBit(0));
    assertThatThrownBy(() -> tally.withTop5(less))
        .hasMessageContaining("leave out a record that was correct");
    BitSet behind = (BitSet) correct.clone();
    behind.set(40);
    assertThatThrownBy(() -> tally.withTop5(behind)).hasMessageContaining("behind the last of 40");
    String json = each(IMAGES).toJson();
    assertThatThrownBy(
            () -> LesionReport.fromJson(json.replaceAll("\"top5\":\"", "\"top5\":\"AAAA")))
        .hasMessageContaining("as many as the correctness bits");
  }

  @Test
  void csvHasTheCounts() {
    LesionReport report = each(IMAGES);
    List<String> lines = report.toCsv().lines().toList();
    assertThat(lines.get(0)).endsWith(",baselineLoss,top5Wrong,baselineTop5Wrong");
    assertThat(lines.get(2))
        .endsWith(
            ",%s,%s"
                .formatted(
                    report.rows().get(1).top5Wrong().orElseThrow(),
                    report.baseline().top5Wrong().orElseThrow()));
  }

  @Test
  void statisticsAreOfTop5Errors() {
    LesionReport report = model.lesions().deleteRandom(1, 3).draws(4).run(IMAGES);
    LesionStatistics statistics = report.statistics();
    LesionStatistics top5 = statistics.top5();

    List<CurvePoint> curve = top5.curve();
    for (int k = 1; k <= 3; k++) {
      int at = k;
      List<LesionRow> rows =
          report.rows().stream().filter(row -> row.planned().k().orElseThrow() == at).toList();
      double mean =
          rows.stream()
              .mapToDouble(row -> row.top5Wrong().orElseThrow() / 40.0)
              .average()
              .orElse(0);
      assertThat(curve.get(k - 1).errorRate().value()).isCloseTo(mean, within(1e-12));
      assertThat(mean).isLessThan(statistics.curve().get(k - 1).errorRate().value());
    }
    LesionRow row = report.rows().get(0);
    assertThat(top5.errorRate(row).value()).isEqualTo(row.top5Wrong().orElseThrow() / 40.0);
    assertThat(statistics.errorRate(row).value()).isEqualTo(row.errorRate());
    assertThat(top5.pairedTests().get(0).lost() - top5.pairedTests().get(0).won())
        .isEqualTo(row.top5Wrong().orElseThrow() - report.baseline().top5Wrong().orElseThrow());
    assertThat(top5.withLevel(0.5).errorRate(row).value()).isEqualTo(top5.errorRate(row).value());
  }

  @Test
  void anEnsemblesAverageHasThemToo() {
    EnsembleAnalysis ensemble = model.lesions().deleteEachBlock().runAsEnsemble(IMAGES);
    assertThat(ensemble.average().top5Wrong().orElseThrow())
        .isBetween(0, ensemble.average().wrong());
    assertThat(EnsembleAnalysis.fromJson(ensemble.toJson())).isEqualTo(ensemble);
  }
}
