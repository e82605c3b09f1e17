package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Collections2;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.internal.statistics.TwoLevelBootstrap;
import io.github.resnetensembles.lesion.LesionStatistics.DamageShares;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals of 95 % cover the true value as often as they say, by simulation. */
class CoverageTest {
  private static final int IMAGES = 1000;
  private static final double TAU_BIN = 0.4;
  private static final double[] ERROR_RATES = {0.02, 0.05, 0.1, 0.2, 0.35, 0.5};

  private static double coverage(
      int simulations, double truth, Function<Random, Interval> interval) {
    int covered = 0;
    for (int s = 0; s < simulations; s++) {
      covered += interval.apply(new Random(s)).contains(truth) ? 1 : 0;
    }
    return (double) covered / simulations;
  }

  /** The mean over error rates from 2 to 50 %. */
  private static double meanCoverage(ToDoubleFunction<Double> coverage) {
    double sum = 0;
    for (double rate : ERROR_RATES) {
      sum += coverage.applyAsDouble(rate);
    }
    return sum / ERROR_RATES.length;
  }

  @Test
  void wilson() {
    double mean =
        meanCoverage(
            rate ->
                coverage(
                    2000,
                    rate,
                    random -> {
                      int wrong = 0;
                      for (int i = 0; i < IMAGES; i++) {
                        wrong += random.nextDouble() < rate ? 1 : 0;
                      }
                      return Estimate.errorRate(wrong, IMAGES, 0.95).interval();
                    }));

    assertThat(mean).isBetween(0.93, 0.98);
  }

  /**
   * An image is wrong under a draw if difficulty + damage + noise exceeds a threshold, each normal,
   * so that the mean error rate is known.
   */
  private static List<BitSet> draws(
      Random random, int draws, int images, double rate, double imageShare, double drawShare) {
    double threshold = NormalDistribution.of(0, 1).inverseSurvivalProbability(rate);
    double[] difficulty = new double[images];
    for (int i = 0; i < images; i++) {
      difficulty[i] = Math.sqrt(imageShare) * random.nextGaussian();
    }
    double noise = Math.sqrt(1 - imageShare - drawShare);
    List<BitSet> wrong = new ArrayList<>();
    for (int d = 0; d < draws; d++) {
      double damage = Math.sqrt(drawShare) * random.nextGaussian();
      BitSet bits = new BitSet();
      for (int i = 0; i < images; i++) {
        bits.set(i, difficulty[i] + damage + noise * random.nextGaussian() > threshold);
      }
      wrong.add(bits);
    }
    return wrong;
  }

  private static double curveCoverage(int draws, double rate, double imageShare, double drawShare) {
    return coverage(
        200,
        rate,
        random ->
            new TwoLevelBootstrap(IMAGES, 0.95, 400, 1)
                .means(List.of(draws(random, draws, IMAGES, rate, imageShare, drawShare)))
                .get(0)
                .interval());
  }

  @ParameterizedTest(name = "{0} draws, images {1}, draws {2}")
  @CsvSource({"10, 0.6, 0.1", "20, 0.6, 0.1"})
  void curve(int draws, double imageShare, double drawShare) {
    assertThat(meanCoverage(rate -> curveCoverage(draws, rate, imageShare, drawShare)))
        .isBetween(0.93, 0.98);
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0} draws, images {1}, draws {2}")
  @CsvSource({"10, 0.6, 0.05", "20, 0.7, 0.0", "50, 0.3, 0.3"})
  void curveOfOtherNetworks(int draws, double imageShare, double drawShare) {
    curve(draws, imageShare, drawShare);
  }

  /** The same nine lesions in every simulation: their mean is what is estimated. */
  @ParameterizedTest(name = "images {0}")
  @CsvSource({"0.6", "0.1"})
  void curveOfAllLesionsThatThereAre(double imageShare) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double mean =
        meanCoverage(
            rate -> {
              double[] thresholds = new double[9];
              Arrays.setAll(
                  thresholds,
                  lesion -> normal.inverseSurvivalProbability(rate) + (lesion - 4) / 8.0);
              double truth =
                  Arrays.stream(thresholds)
                      .map(normal::survivalProbability)
                      .average()
                      .orElseThrow();
              return coverage(
                  400,
                  truth,
                  random ->
                      new TwoLevelBootstrap(IMAGES, 0.95, 100, 1)
                          .meanOverImages(wrong(random, thresholds, imageShare))
                          .interval());
            });

    assertThat(mean).isBetween(0.93, 0.98);
  }

  private static List<BitSet> wrong(Random random, double[] thresholds, double imageShare) {
    List<BitSet> wrong = new ArrayList<>();
    double[] difficulty = new double[IMAGES];
    Arrays.setAll(difficulty, i -> Math.sqrt(imageShare) * random.nextGaussian());
    for (double threshold : thresholds) {
      BitSet bits = new BitSet();
      for (int i = 0; i < IMAGES; i++) {
        bits.set(i, difficulty[i] + Math.sqrt(1 - imageShare) * random.nextGaussian() > threshold);
      }
      wrong.add(bits);
    }
    return wrong;
  }

  /** Fewer draws than curve() recommends: it says that 92 % are covered. */
  @Test
  void curveOfFiveDraws() {
    assertThat(meanCoverage(rate -> curveCoverage(5, rate, 0.6, 0.1))).isBetween(0.91, 0.98);
  }

  /** The true median is that of a draw without damage of its own. */
  private static double medianCoverage(
      int draws, double rate, double imageShare, double drawShare) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double threshold = normal.inverseSurvivalProbability(rate);
    return coverage(
        200,
        normal.survivalProbability(threshold / Math.sqrt(1 - drawShare)),
        random ->
            new TwoLevelBootstrap(IMAGES, 0.95, 400, 1)
                .medians(List.of(draws(random, draws, IMAGES, rate, imageShare, drawShare)))
                .get(0)
                .interval());
  }

  @ParameterizedTest(name = "{0} draws, images {1}, draws {2}")
  @CsvSource({"10, 0.6, 0.1"})
  void medians(int draws, double imageShare, double drawShare) {
    double mean = meanCoverage(rate -> medianCoverage(draws, rate, imageShare, drawShare));
    // The less draws differ, the more their noise counts as if it were a difference: see curve().
    assertThat(mean).isBetween(0.93, 0.99);
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0} draws, images {1}, draws {2}")
  @CsvSource({
    "20, 0.7, 0.0",
    "10, 0.6, 0.05",
    "10, 0.3, 0.3",
    "20, 0.6, 0.1",
    "50, 0.3, 0.3",
    "100, 0.7, 0.02"
  })
  void mediansOfOtherNetworks(int draws, double imageShare, double drawShare) {
    medians(draws, imageShare, drawShare);
  }

  /** What LesionStatistics.curve() says of itself: up to 1.73 times as wide as needed. */
  @Test
  void curveIsConservativeWithoutAnyStructure() {
    int draws = 20;
    double width = 0;
    int simulations = 50;
    for (int s = 0; s < simulations; s++) {
      List<BitSet> wrong = draws(new Random(s), draws, IMAGES, 0.2, 0, 0);
      width +=
          new TwoLevelBootstrap(IMAGES, 0.95, 1000, 1)
              .means(List.of(wrong))
              .get(0)
              .interval()
              .width();
    }
    double needed = 2 * 1.96 * Math.sqrt(0.2 * 0.8 / (draws * IMAGES));

    assertThat(width / simulations / needed).isBetween(1.5, 1.8);
  }

  /**
   * Rows in random orders of five blocks; the lower Kendall's tau, the more images are wrong. A
   * bin's truth is the mean over all orders that fall into it.
   */
  @Test
  void curveByKendallTau() {
    List<LesionRow> orders = new ArrayList<>();
    for (List<Integer> order : Collections2.permutations(List.of(1, 2, 3, 4, 5))) {
      PlannedLesion planned = PlannedLesion.of(new Lesion.Order(order));
      orders.add(new LesionRow(planned, order, Rows.row(planned, 2, new BitSet()).tallies()));
    }
    Map<Double, Double> truths =
        orders.stream()
            .collect(
                Collectors.groupingBy(
                    row -> bin(row.kendallTau().orElseThrow()),
                    Collectors.averagingDouble(
                        row ->
                            NormalDistribution.of(0, 1)
                                .survivalProbability(threshold(row.kendallTau().orElseThrow())))));
    int points = 0;
    int covered = 0;
    for (int s = 0; s < 100; s++) {
      Random random = new Random(s);
      for (CurvePoint point : tauCurve(orders, random)) {
        if (point.draws() >= 10) {
          double truth = Objects.requireNonNull(truths.get(bin(point.at())));
          points++;
          covered += point.errorRate().interval().contains(truth) ? 1 : 0;
        }
      }
    }

    assertThat(points).isGreaterThan(150);
    assertThat((double) covered / points).isBetween(0.93, 0.98);
  }

  private static double bin(double tau) {
    return Math.floor(tau / TAU_BIN);
  }

  /** From 5 % wrong in the original order to 50 % in the reverse one. */
  private static double threshold(double tau) {
    return 1.645 * (1 + tau) / 2;
  }

  private static List<CurvePoint> tauCurve(List<LesionRow> orders, Random random) {
    double[] difficulty = new double[IMAGES];
    Arrays.setAll(difficulty, i -> Math.sqrt(0.6) * random.nextGaussian());
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 50; draw++) {
      LesionRow order = orders.get(random.nextInt(orders.size()));
      double damage = Math.sqrt(0.1) * random.nextGaussian();
      double threshold = threshold(order.kendallTau().orElseThrow()) - damage;
      BitSet wrong = new BitSet();
      for (int i = 0; i < IMAGES; i++) {
        wrong.set(i, difficulty[i] + Math.sqrt(0.3) * random.nextGaussian() > threshold);
      }
      rows.add(
          new LesionRow(
              Rows.drawn(order.lesion(), 1, draw),
              order.order(),
              Rows.row(order.planned(), IMAGES, wrong).tallies()));
    }
    return Rows.report(Games.architecture(5), IMAGES, independent(random, 0.02), rows)
        .statistics()
        .withResamples(400)
        .curveByKendallTau(TAU_BIN);
  }

  /** What gradients by path length take over batches or, in a single batch, over paths. */
  @ParameterizedTest(name = "{0} batches, spread {1}")
  @CsvSource({"5, 0.2", "10, 0.3", "40, 0.5"})
  void gradientsOverBatches(int batches, double spread) {
    double coverage =
        coverage(
            2000,
            1,
            random -> {
              List<BatchGradients> measured = new ArrayList<>();
              for (int b = 0; b < batches; b++) {
                measured.add(
                    batch(
                        List.of(new BatchGradients.PathSum(1, norm(random, spread), 1, 1)),
                        List.of()));
              }
              return interval(new GradientMeasurement.ExactSums(), measured);
            });

    assertThat(coverage).isBetween(0.93, 0.98);
  }

  @ParameterizedTest(name = "{0} paths, spread {1}")
  @CsvSource({"10, 0.2", "20, 0.3", "100, 0.5"})
  void gradientsOverPaths(int paths, double spread) {
    double coverage =
        coverage(
            2000,
            1,
            random -> {
              double[] norms = new double[paths];
              Arrays.setAll(norms, i -> norm(random, spread));
              double mean = Arrays.stream(norms).average().orElseThrow();
              double squares = Arrays.stream(norms).map(v -> (v - mean) * (v - mean)).sum();
              double error = Math.sqrt(squares / (paths - 1) / paths);
              return interval(
                  new GradientMeasurement.SampledPaths(paths),
                  List.of(
                      batch(
                          List.of(),
                          List.of(new BatchGradients.PathSample(1, paths, mean, error, mean)))));
            });

    assertThat(coverage).isBetween(0.93, 0.98);
  }

  /** Log-normal, with the mean 1. */
  private static double norm(Random random, double spread) {
    return Math.exp(spread * random.nextGaussian() - spread * spread / 2);
  }

  private static BatchGradients batch(
      List<BatchGradients.PathSum> sums, List<BatchGradients.PathSample> samples) {
    return BatchGradients.builder(0, 1, 1, 1).sums(sums).samples(samples).build();
  }

  /** Batches are added, as precision() says, until the interval is narrow enough. */
  @ParameterizedTest(name = "precision {0}, spread {1}")
  @CsvSource({"0.1, 0.3", "0.2, 0.5"})
  void gradientsWhoseBatchesWereAdded(double precision, double spread) {
    assertCoveredByBatchesThatWereAdded(precision, spread);
  }

  /** With more batches. */
  @Tag("slow")
  @ParameterizedTest(name = "precision {0}, spread {1}")
  @CsvSource({"0.05, 0.2", "0.1, 0.5"})
  void gradientsWhoseManyBatchesWereAdded(double precision, double spread) {
    assertCoveredByBatchesThatWereAdded(precision, spread);
  }

  private static void assertCoveredByBatchesThatWereAdded(double precision, double spread) {
    double coverage =
        coverage(
            1000,
            1,
            random -> {
              List<BatchGradients> measured = new ArrayList<>();
              do {
                measured.add(
                    batch(
                        List.of(new BatchGradients.PathSum(1, norm(random, spread), 1, 1)),
                        List.of()));
              } while (!gradients(new GradientMeasurement.ExactSums(), measured)
                  .preciseTo(precision));
              return interval(new GradientMeasurement.ExactSums(), measured);
            });

    assertThat(coverage).isBetween(0.89, 0.98);
  }

  private static Interval interval(GradientMeasurement measurement, List<BatchGradients> batches) {
    return gradients(measurement, batches).lengths().get(0).interval().orElseThrow();
  }

  private static PathGradients gradients(
      GradientMeasurement measurement, List<BatchGradients> batches) {
    List<BatchGradients> apart = new ArrayList<>();
    for (BatchGradients batch : batches) {
      apart.add(batch.toBuilder().firstRecord(apart.size()).images(1).build());
    }
    return new PathGradients(
        Lesion.intact(),
        GradientProtocol.defaults().toBuilder().measurement(measurement).build(),
        apart,
        0,
        apart.size(),
        0,
        new GradientCost(1, 1, 1, 1, 1),
        Rows.report(Games.architecture(3), 2, Rows.bits(), List.of()).provenance());
  }

  /** Most rows have the same damage as others: k blocks were deleted, k from 1 to 5. */
  @ParameterizedTest
  @CsvSource({"SPEARMAN, 0", "SPEARMAN, 0.6", "KENDALL, 0", "KENDALL, 0.6"})
  void rankCorrelationsWithTies(RankCorrelation kind, double correlation) {
    double truth =
        IntStream.range(0, 10)
            .mapToDouble(s -> tied(new Random(-1 - s), 2000, correlation, kind).value())
            .average()
            .orElseThrow();

    double coverage =
        coverage(1000, truth, random -> tied(random, 50, correlation, kind).interval());
    assertThat(coverage).isBetween(0.93, 0.98);
  }

  private static Estimate tied(Random random, int count, double correlation, RankCorrelation kind) {
    List<Double> damage = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    double damageDeviation = Math.sqrt(2);
    for (int i = 0; i < count; i++) {
      double k = 1 + i % 5;
      damage.add(k);
      errors.add(
          correlation * (k - 3) / damageDeviation
              + Math.sqrt(1 - correlation * correlation) * random.nextGaussian());
    }
    return kind.of(damage, errors, 0.95);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.6, 0.8})
  void spearman(double correlation) {
    double truth = 6 / Math.PI * Math.asin(correlation / 2);

    double coverage =
        coverage(2000, truth, random -> correlated(random, correlation, RankCorrelation.SPEARMAN));
    assertThat(coverage).isBetween(0.93, 0.98);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.6, 0.8})
  void kendall(double correlation) {
    double truth = 2 / Math.PI * Math.asin(correlation);

    double coverage =
        coverage(2000, truth, random -> correlated(random, correlation, RankCorrelation.KENDALL));
    assertThat(coverage).isBetween(0.93, 0.98);
  }

  private static Interval correlated(Random random, double correlation, RankCorrelation kind) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      double first = random.nextGaussian();
      x.add(first);
      y.add(correlation * first + Math.sqrt(1 - correlation * correlation) * random.nextGaussian());
    }
    return kind.of(x, y, 0.95).interval();
  }

  /**
   * Intact, an image is wrong with a probability of its own; without block b, with the probability
   * harm(b) more: of most blocks little, of every ninth much.
   */
  private static double shareCoverage(
      int images, double intactRate, double harm, Function<DamageShares, Estimate> which) {
    int blocks = 18;
    double[] harms = new double[blocks];
    for (int b = 0; b < blocks; b++) {
      harms[b] = b % 9 == 8 ? Math.min(0.9, 20 * harm) : harm * (0.5 + b % 9 / 8.0);
    }
    double chance = 0.9;
    double room = chance - intactRate;
    double[] truths = Arrays.stream(harms).map(h -> h * (1 - intactRate) / room).sorted().toArray();
    DamageShares truth =
        new DamageShares(
            certain((truths[blocks / 2 - 1] + truths[blocks / 2]) / 2),
            certain(Arrays.stream(truths).average().orElseThrow()));
    return coverage(
        600,
        which.apply(truth).value(),
        random -> {
          BitSet intact = new BitSet();
          List<BitSet> rows = new ArrayList<>();
          for (int i = 0; i < images; i++) {
            intact.set(i, random.nextDouble() < intactRate);
          }
          for (double h : harms) {
            BitSet wrong = (BitSet) intact.clone();
            for (int i = 0; i < images; i++) {
              if (random.nextDouble() < h) {
                wrong.set(i);
              }
            }
            rows.add(wrong);
          }
          Outcomes outcomes = new Outcomes(images, intact, rows);
          return which.apply(new DamageBootstrap(outcomes, chance, 0.95).shares(400, 1)).interval();
        });
  }

  private static Estimate certain(double value) {
    return new Estimate(value, new Interval(value, value, 0.95));
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0} images, intact {1}, harm {2}")
  @CsvSource({
    "500, 0.01, 0.002",
    "500, 0.01, 0",
    "500, 0.1, 0.05",
    "1000, 0.01, 0.3",
    "200, 0.2, 0.6"
  })
  void damageShares(int images, double intactRate, double harm) {
    assertThat(shareCoverage(images, intactRate, harm, DamageShares::median)).isBetween(0.92, 1.0);
    assertThat(shareCoverage(images, intactRate, harm, DamageShares::mean)).isBetween(0.92, 1.0);
  }

  /** Two error rates on images of their own. */
  @Test
  void differences() {
    for (double rate : new double[] {0.01, 0.05, 0.3}) {
      double coverage =
          coverage(
              2000,
              rate / 2,
              random ->
                  Estimate.errorRate(wrong(random, rate), IMAGES, 0.95)
                      .minus(Estimate.errorRate(wrong(random, rate / 2), IMAGES, 0.95))
                      .interval());
      assertThat(coverage).isBetween(0.93, 0.975);
    }
  }

  private static int wrong(Random random, double rate) {
    int wrong = 0;
    for (int i = 0; i < IMAGES; i++) {
      wrong += random.nextDouble() < rate ? 1 : 0;
    }
    return wrong;
  }

  /** Networks whose errors share a normal difficulty: the truth is the mean of a huge sample. */
  @Test
  void errorCorrelation() {
    double rate = 0.2;
    List<BitSet> huge = draws(new Random(-1), 2, 2_000_000, rate, 0.6, 0);
    double both = Outcomes.common(huge.get(0), huge.get(1)) / 2e6;
    double truth = (both - rate * rate) / (rate * (1 - rate));

    double coverage =
        coverage(
            500,
            truth,
            random ->
                new ErrorCorrelation(draws(random, 6, IMAGES, rate, 0.6, 0), IMAGES)
                    .mean(0.95, 500, 1)
                    .interval());

    assertThat(coverage).isBetween(0.93, 0.98);
  }

  /** Four independent outcomes: error rates of 30, 10, 10 and 2 %, an interaction of 12 %. */
  @Test
  void interactions() {
    double coverage =
        coverage(
            500,
            0.3 - 0.1 - 0.1 + 0.02,
            random -> {
              List<LesionRow> rows =
                  List.of(
                      Rows.row(
                          PlannedLesion.of(Lesion.delete(1)), IMAGES, independent(random, 0.1)),
                      Rows.row(
                          PlannedLesion.of(Lesion.delete(2)), IMAGES, independent(random, 0.1)),
                      Rows.row(
                          PlannedLesion.of(Lesion.delete(1, 2)), IMAGES, independent(random, 0.3)));
              BlockInteraction interaction =
                  Rows.report(Architecture.resnet(8), IMAGES, independent(random, 0.02), rows)
                      .statistics()
                      .interactions()
                      .get(0);
              return interaction.interval().orElseThrow();
            });

    assertThat(coverage).isBetween(0.93, 0.98);
  }

  private static BitSet independent(Random random, double rate) {
    BitSet bits = new BitSet();
    for (int i = 0; i < IMAGES; i++) {
      bits.set(i, random.nextDouble() < rate);
    }
    return bits;
  }

  /** A game of many players whose payoffs bend, and its exact values. */
  @ParameterizedTest(name = "{0} players, {1} draws")
  @CsvSource({"9, 10", "9, 30", "15, 20", "15, 50"})
  void sampledShapleyAndBanzhaf(int players, int draws) {
    double[] payoffs = game(players);
    ExactValues exact = new ExactValues(players, payoffs);
    int simulations = 300;
    int shapley = 0;
    int banzhaf = 0;
    for (int s = 0; s < simulations; s++) {
      SampledValues sampled = new SampledValues(players, 1);
      Random random = new Random(s);
      for (int d = 0; d < draws; d++) {
        addOrder(sampled, payoffs, players, random);
      }
      for (int i = 0; i < players; i++) {
        shapley += sampled.shapley(i, 0.95).interval().contains(exact.shapley(i)) ? 1 : 0;
        banzhaf += sampled.banzhaf(i, 0.95).interval().contains(exact.banzhaf(i)) ? 1 : 0;
      }
    }
    double all = simulations * players;
    assertThat(shapley / all).as("Shapley").isBetween(0.93, 0.98);
    assertThat(banzhaf / all).as("Banzhaf").isBetween(0.93, 0.98);
  }

  private static double[] game(int players) {
    Random random = new Random(5);
    double[] worth = random.doubles(players, 0.2, 1.5).toArray();
    double[] payoffs = new double[1 << players];
    for (int coalition = 0; coalition < payoffs.length; coalition++) {
      double sum = -0.25 * players;
      for (int i = 0; i < players; i++) {
        sum += (coalition >> i & 1) * worth[i];
      }
      payoffs[coalition] = 1 / (1 + Math.exp(-sum));
    }
    return payoffs;
  }

  private static void addOrder(
      SampledValues sampled, double[] payoffs, int players, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < players; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    int before = 0;
    for (int size = 0; size < players; size++) {
      int player = order.get(size);
      int after = before | 1 << player;
      sampled.add(player, size, payoffs[after] - payoffs[before], new BitSet(), new BitSet());
      before = after;
    }
  }

  /** Images whose difficulty is random: each is right if the blocks left outweigh it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shapleyOverImages(boolean exactValues) {
    int players = 5;
    int images = 400;
    double[] payoffs = game(players);
    double truth = new ExactValues(players, payoffs).shapley(2);

    double coverage =
        coverage(
            300,
            truth,
            random -> {
              double[] difficulty = random.doubles(images).toArray();
              LesionReport report =
                  exactValues
                      ? Games.exact(players, images, s -> wrong(payoffs[s], difficulty))
                      : Games.sampled(
                          players, images, 25, random, s -> wrong(payoffs[s], difficulty));
              return BlockValues.of(report, Payoff.ACCURACY, 0.95)
                  .blocks()
                  .get(2)
                  .shapleyOverImages()
                  .orElseThrow();
            });

    assertThat(coverage).isBetween(0.93, 0.985);
  }

  private static BitSet wrong(double payoff, double[] difficulty) {
    BitSet wrong = new BitSet();
    for (int i = 0; i < difficulty.length; i++) {
      wrong.set(i, difficulty[i] > payoff);
    }
    return wrong;
  }

  @Test
  void curvesOfAReportAreThoseOfTheBootstrap() {
    List<BitSet> draws = draws(new Random(1), 4, 100, 0.3, 0.5, 0.1);
    List<LesionRow> rows = new ArrayList<>();
    for (int d = 0; d < draws.size(); d++) {
      rows.add(Rows.row(Rows.drawn(Lesion.delete(1 + d), 1, d + 1), 100, draws.get(d)));
    }

    List<CurvePoint> curve =
        Rows.report(Architecture.resnet(32), 100, Rows.bits(1), rows)
            .statistics()
            .withSeed(7)
            .withResamples(300)
            .curve();

    Estimate expected = new TwoLevelBootstrap(100, 0.95, 300, 7).means(List.of(draws)).get(0);
    assertThat(curve).containsExactly(new CurvePoint(1, 4, 4, false, expected));
  }
}
