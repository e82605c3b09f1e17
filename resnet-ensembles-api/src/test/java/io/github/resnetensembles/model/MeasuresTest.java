package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.MetricPoint;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.statistics.Estimate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics of the user's own, and loss and margin of each image. */
class MeasuresTest {
  private static final ImageSet IMAGES = TwelveClasses.IMAGES;
  private static final Measures VALUES = Measures.none().withImageValues(true);

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

  private static double margin(double[] logits, int label) {
    double[] others =
        IntStream.range(0, logits.length)
            .filter(c -> c != label)
            .mapToDouble(c -> logits[c])
            .toArray();
    return logits[label] - Arrays.stream(others).max().orElseThrow();
  }

  private static double probability(double[] logits, int label) {
    double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - logits[label])).sum();
    return 1 / sum;
  }

  private LesionStudy study() {
    return model
        .lesions()
        .measures(VALUES)
        .metric("margin", MeasuresTest::margin)
        .metric("p", MeasuresTest::probability)
        .options(batches(7));
  }

  /** A metric of each image, from its logits alone. */
  private double[] each(Lesion lesion, Measures.Metric metric) {
    return IntStream.range(0, IMAGES.size())
        .mapToDouble(
            i -> {
              ImageBatch one = IMAGES.batch(i, 1);
              return metric.of(model.withLesion(lesion).logits(one)[0], one.labels()[0]);
            })
        .toArray();
  }

  @Test
  void meansAndValuesAreThoseOfSingleImages() {
    LesionReport report = study().deleteEachBlock().run(IMAGES);
    List<LesionRow> rows = new ArrayList<>(report.rows());
    rows.add(report.baseline());
    LesionStatistics statistics = report.statistics();
    for (LesionRow row : rows) {
      double[] margins = each(row.lesion(), MeasuresTest::margin);
      double[] losses =
          each(row.lesion(), (logits, label) -> -Math.log(probability(logits, label)));
      Tally.ImageValues values = row.imageValues().orElseThrow();
      assertThat(values.marginValues()).containsExactly(margins, within(1e-9));
      assertThat(values.lossValues()).containsExactly(losses, within(1e-9));
      assertThat(row.metrics()).containsOnlyKeys("margin", "p");
      double mean = Arrays.stream(margins).average().orElseThrow();
      assertThat(row.metrics().get("margin")).isCloseTo(mean, within(1e-9));
      // A margin above 0 is a right prediction.
      assertThat(Arrays.stream(margins).filter(margin -> margin <= 0).count())
          .isEqualTo(row.wrong());

      Estimate estimate = statistics.metric("margin", row);
      double half =
          TDistribution.of(39).inverseSurvivalProbability(0.025)
              * Math.sqrt(Variance.of(margins).getAsDouble() / 40);
      assertThat(estimate.value()).isCloseTo(mean, within(1e-9));
      assertThat(estimate.interval().low()).isCloseTo(mean - half, within(1e-9));
      assertThat(estimate.interval().high()).isCloseTo(mean + half, within(1e-9));
    }
    assertThat(LesionReport.fromJson(report.toJson())).isEqualTo(report);
    assertThat(report.toJson())
        .contains("\"metrics\":{\"margin\":" + rows.get(0).metrics().get("margin") + ",\"p\":");
  }

  @Test
  void nothingIsMeasuredUnlessAskedFor() {
    LesionReport report = model.lesions().deleteEachBlock().run(IMAGES);
    assertThat(report.toJson()).doesNotContain("metrics", "images\":");
    assertThat(report.rows().get(0).imageValues()).isEmpty();
    assertThat(report.rows().get(0).metrics()).isEmpty();
    assertThat(report.toCsv()).doesNotContain("metrics");
    assertThatThrownBy(() -> report.statistics().metric("margin", report.baseline()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no metric 'margin' was measured, only []");
  }

  @Test
  void evaluationsHaveThemToo() {
    Evaluation evaluation =
        model.evaluate(IMAGES, batches(9), VALUES.withMetric("margin", MeasuresTest::margin));
    LesionRow row = evaluation.row();
    assertThat(row.imageValues().orElseThrow().marginValues())
        .containsExactly(each(Lesion.intact(), MeasuresTest::margin), within(1e-9));
    assertThat(DoubleStream.of(row.imageValues().orElseThrow().lossValues()).average().orElse(0))
        .isCloseTo(evaluation.loss().orElseThrow(), within(1e-8));
    assertThat(Evaluation.fromJson(evaluation.toJson())).isEqualTo(evaluation);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void shardsMergeExactlyInAnyOrder(long seed) {
    LesionReport whole = study().deleteEachBlock().run(IMAGES);
    LesionPlan plan = LesionPlan.deleteEach().build(model.architecture());
    List<LesionReport> shards = new ArrayList<>();
    for (int shard = 1; shard <= 2; shard++) {
      for (ImageSet part :
          List.of(IMAGES.range(0, 14), IMAGES.range(14, 7), IMAGES.range(21, 19))) {
        shards.add(study().plan(plan).shard(shard, 2).run(part));
      }
    }
    shards.add(study().plan(plan).shard(1, 2).run(IMAGES.range(0, 21)));
    LesionReport again = shards.remove(shards.size() - 1);
    Random random = new Random(seed);
    while (shards.size() > 1) {
      Collections.shuffle(shards, random);
      shards.add(LesionReport.merge(shards.remove(0), shards.remove(0)));
    }
    assertThat(shards.get(0).rows()).isEqualTo(whole.rows());
    assertThat(shards.get(0).baseline()).isEqualTo(whole.baseline());
    assertThat(LesionReport.merge(again, shards.get(0), whole).rows()).isEqualTo(whole.rows());
  }

  /** Of ranges with a gap between them there are several tallies. */
  @Test
  void rangesWithAGapBetweenThemStayApart() {
    LesionReport first = study().deleteEachBlock().run(IMAGES.range(0, 14));
    LesionReport last = study().deleteEachBlock().run(IMAGES.range(28, 12));
    LesionReport merged = LesionReport.merge(last, first);
    LesionRow row = merged.rows().get(1);
    double[] margins = each(row.lesion(), MeasuresTest::margin);
    double[] expected =
        DoubleStream.concat(Arrays.stream(margins, 0, 14), Arrays.stream(margins, 28, 40))
            .toArray();
    assertThat(row.tallies()).hasSize(2);
    assertThat(row.imageValues().orElseThrow().marginValues())
        .containsExactly(expected, within(1e-9));
    assertThat(row.metrics().get("margin"))
        .isCloseTo(Arrays.stream(expected).average().orElseThrow(), within(1e-9));
    assertThat(LesionReport.fromJson(merged.toJson())).isEqualTo(merged);
  }

  @Test
  void batchesAndTheirOrderDoNotMatter() {
    Random random = new Random(1);
    Measures measures = Measures.none().withMetric("sum", (logits, label) -> logits[0] * 3);
    double[][] logits =
        random
            .doubles(100)
            .mapToObj(x -> new double[] {Math.exp(80 * x - 40) - 1e6 * x, x})
            .toArray(double[][]::new);
    Tally one = tally(measures, logits, 100);
    for (int batch : new int[] {1, 3, 50}) {
      assertThat(tally(measures, logits, batch)).isEqualTo(one);
    }
    double mean = Arrays.stream(logits).mapToDouble(x -> x[0] * 3).average().orElseThrow();
    BigInteger sum = sumOf(one, "sum");
    assertThat(Math.scalb(sum.doubleValue(), -100) / 100)
        .isCloseTo(mean, within(Math.abs(mean) * 1e-12));
  }

  private static BigInteger sumOf(Tally tally, String metric) {
    return Objects.requireNonNull(tally.metrics().get(metric)).sum();
  }

  private static Tally tally(Measures measures, double[][] logits, int batch) {
    TallyBuilder all = new TallyBuilder(0, 2, measures);
    for (int from = 0; from < logits.length; from += batch) {
      TallyBuilder part = new TallyBuilder(from, 2, measures);
      int end = Math.min(logits.length, from + batch);
      double[] flat = Arrays.stream(logits, from, end).flatMapToDouble(Arrays::stream).toArray();
      part.add(flat, new int[end - from]);
      all.append(part);
    }
    return all.build();
  }

  @Test
  void reportsWithDifferentMeasuresAreNotMerged() {
    LesionStudy plain = model.lesions().deleteEachBlock().options(batches(7));
    LesionReport none = plain.run(IMAGES.range(0, 14));
    LesionReport margin = plain.metric("margin", MeasuresTest::margin).run(IMAGES.range(14, 14));
    LesionReport values = plain.measures(VALUES).run(IMAGES.range(14, 14));

    assertThatThrownBy(() -> LesionReport.merge(none, margin))
        .isInstanceOf(MergeException.class)
        .hasMessage(
            "the results differ in their metrics: [] and [margin]; only shards of one study can be"
                + " merged");
    assertThatThrownBy(() -> LesionReport.merge(values, none))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("differ in their values of single images: some and none");
  }

  /** Every shard has the baseline, so that another function of one name comes to light. */
  @Test
  void anotherFunctionOfTheSameNameIsNoticed() {
    LesionStudy plain = model.lesions().deleteEachBlock().options(batches(7));
    LesionReport one = plain.metric("m", MeasuresTest::margin).shard(1, 2).run(IMAGES);
    LesionReport two = plain.metric("m", MeasuresTest::probability).shard(2, 2).run(IMAGES);

    assertThatThrownBy(() -> LesionReport.merge(one, two))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the baselines disagree on the records [0, 40)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0x1p101})
  void valuesThatAreNoneAreRefusedWithTheirRecord(double value) {
    int label = IMAGES.batch(17, 1).labels()[0];
    LesionStudy study =
        model
            .lesions()
            .deleteEachBlock()
            .options(batches(5))
            .metric("odd", (logits, given) -> given == label ? value : 1);
    int first =
        IntStream.range(0, 40).filter(i -> IMAGES.batch(i, 1).labels()[0] == label).min().orElse(0);

    assertThatThrownBy(() -> study.run(IMAGES.range(first, 40 - first)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("the metric 'odd' gives " + value + " for record ")
        .hasMessageContaining(" of class " + label + ": a metric gives finite numbers of at most");
    assertThatThrownBy(() -> study.run(IMAGES.range(first, 1)))
        .hasMessageContaining("for record " + first + " of class");
  }

  @Test
  void theLargestValuesCancelExactlyAndTheSmallestAreNothing() {
    Measures measures = Measures.none().withMetric("x", (logits, label) -> logits[0]);
    double[][] logits = {{0x1p100, 0}, {-0x1p100, 0}, {0x1p-200, 0}, {-0.0, 0}};
    Tally tally = tally(measures, logits, 2);
    assertThat(sumOf(tally, "x")).isZero();
    assertThat(Objects.requireNonNull(tally.metrics().get("x")).squares())
        .isEqualTo(BigInteger.ONE.shiftLeft(401));
  }

  @Test
  void metricsGetCopiesOfTheLogits() {
    LesionReport report =
        model
            .lesions()
            .metric(
                "spoil",
                (logits, label) -> {
                  Arrays.fill(logits, 0);
                  return 0;
                })
            .metric("margin", MeasuresTest::margin)
            .deleteEachBlock()
            .run(IMAGES);
    LesionReport plain = model.lesions().deleteEachBlock().run(IMAGES);
    assertThat(report.baseline().loss()).isEqualTo(plain.baseline().loss());
    assertThat(report.baseline().metrics().get("margin"))
        .isCloseTo(
            Arrays.stream(each(Lesion.intact(), MeasuresTest::margin)).average().orElseThrow(),
            within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b", "a b", "=1", "-x", "ä"})
  void namesThatNoTableCanHaveAreRefused(String name) {
    assertThatThrownBy(() -> model.lesions().metric(name, MeasuresTest::margin))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("the name of a metric is 1 to 64 letters, digits");
    assertThatThrownBy(
            () ->
                model
                    .lesions()
                    .metric("x", MeasuresTest::margin)
                    .metric("x", MeasuresTest::probability))
        .hasMessage("there are two metrics 'x'; give each a name of its own");
  }

  @Test
  void curvesHaveMeansAndIntervals() {
    LesionReport report = study().deleteRandom(1, 2).draws(3).run(IMAGES);
    List<MetricPoint> curve = report.statistics().metricCurve("margin");

    assertThat(curve).hasSize(2);
    assertThat(curve).extracting(MetricPoint::at).containsExactly(1.0, 2.0);
    for (int k = 1; k <= 2; k++) {
      int at = k;
      List<LesionRow> rows =
          report.rows().stream().filter(row -> row.planned().k().orElseThrow() == at).toList();
      double[] means = rows.stream().mapToDouble(row -> row.metrics().get("margin")).toArray();
      double[] ofImages =
          rows.stream()
              .mapToDouble(
                  row -> Variance.of(each(row.lesion(), MeasuresTest::margin)).getAsDouble() / 40)
              .toArray();
      double overImages = Arrays.stream(ofImages).average().orElseThrow();
      double overDraws = Variance.of(means).getAsDouble() / means.length;
      double variance = overDraws + overImages;
      double freedom =
          variance * variance / (overDraws * overDraws / 2 + overImages * overImages / 39);
      double half =
          TDistribution.of(freedom).inverseSurvivalProbability(0.025) * Math.sqrt(variance);
      Estimate mean = curve.get(k - 1).mean();
      assertThat(mean.value())
          .isCloseTo(Arrays.stream(means).average().orElseThrow(), within(1e-9));
      assertThat(mean.interval().high() - mean.value()).isCloseTo(half, within(1e-8));
      assertThat(curve.get(k - 1).interval()).isEmpty();
    }
  }

  /** All four single deletions are all that there are: nothing was drawn. */
  @Test
  void aCompletePointIsOverImagesAlone() {
    LesionReport report = study().deleteRandom(1, 1).draws(4).run(IMAGES);
    MetricPoint point = report.statistics().metricCurve("p").get(0);
    assertThat(point.complete()).isTrue();
    assertThat(point.draws()).isEqualTo(4);
    double overImages =
        report.rows().stream()
            .mapToDouble(
                row ->
                    Variance.of(each(row.lesion(), MeasuresTest::probability)).getAsDouble() / 40)
            .average()
            .orElseThrow();
    assertThat(point.interval().orElseThrow().high() - point.mean().value())
        .isCloseTo(
            TDistribution.of(39).inverseSurvivalProbability(0.025) * Math.sqrt(overImages),
            within(1e-9));
  }

  @Test
  void curvesByKendallTau() {
    LesionReport report = study().swapRandom(1, 3).draws(6).run(IMAGES);
    LesionStatistics statistics = report.statistics();
    List<MetricPoint> curve = statistics.metricCurveByKendallTau("p", 0.5);
    assertThat(curve)
        .extracting(MetricPoint::draws)
        .containsExactlyElementsOf(
            statistics.curveByKendallTau(0.5).stream().map(point -> point.draws()).toList());
    assertThat(curve).allMatch(point -> point.mean().value() > 0 && point.mean().value() < 1);
  }

  @Test
  void csvHasTheMeans() {
    LesionReport report = study().deleteEachBlock().run(IMAGES);
    List<String> lines = report.toCsv().lines().toList();
    assertThat(lines.get(0)).endsWith(",metrics.margin,metrics.p");
    assertThat(lines.get(1))
        .endsWith(
            ",%s,%s"
                .formatted(
                    report.rows().get(0).metrics().get("margin"),
                    report.rows().get(0).metrics().get("p")));
  }

  @Test
  void anEnsemblesAverageIsMeasured() {
    EnsembleAnalysis ensemble = study().deleteEachBlock().runAsEnsemble(IMAGES);
    double mean = 0;
    for (int i = 0; i < IMAGES.size(); i++) {
      ImageBatch one = IMAGES.batch(i, 1);
      double[] logs = new double[12];
      for (LesionRow row : ensemble.members().rows()) {
        double[] logits = model.withLesion(row.lesion()).logits(one)[0];
        for (int c = 0; c < 12; c++) {
          logs[c] += Math.log(probability(logits, c)) / 4;
        }
      }
      mean += margin(logs, one.labels()[0]) / 40;
    }
    assertThat(Math.scalb(sumOf(ensemble.average(), "margin").doubleValue(), -100) / 40)
        .isCloseTo(mean, within(1e-9));
    assertThat(EnsembleAnalysis.fromJson(ensemble.toJson())).isEqualTo(ensemble);
  }

  @Test
  void whatCannotBeIsRefused() {
    LesionReport report = study().deleteEachBlock().run(IMAGES);
    Tally tally = report.baseline().tallies().get(0);
    Tally.MetricSum sum = new Tally.MetricSum(BigInteger.TEN.shiftLeft(100), BigInteger.ONE);
    assertThatThrownBy(() -> tally.withMetrics(Map.of("m", sum)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the sums of the metric 'm' are not those of 40 values");
    assertThatThrownBy(
            () -> tally.withImageValues(Tally.ImageValues.of(new double[39], new double[39])))
        .hasMessage("40 records were evaluated, but losses and margins are of 39");
    assertThatThrownBy(() -> Tally.ImageValues.of(new double[1], new double[2]))
        .hasMessageContaining("equally many doubles");
    String json = report.toJson();
    assertThatThrownBy(
            () -> LesionReport.fromJson(json.replaceFirst("\"p\":\\{\"sum\"", "\"q\":{\"sum\"")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("has the metrics [margin, p], but others [margin, q]");
    assertThatThrownBy(
            () -> LesionReport.fromJson(json.replaceFirst("\"squares\":\"\\d", "\"squares\":\"-1")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("a sum of squares is at least 0");
  }
}
