package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.statistics.ImageResample;
import io.github.resnetensembles.internal.statistics.TwoLevelBootstrap;
import io.github.resnetensembles.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bootstrap intervals against loops over single images that draw the same random numbers. */
class BootstrapNumbersTest {
  private static final int IMAGES = 150;
  private static final int RESAMPLES = 300;
  private static final double LEVEL = 0.9;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Random bits, a third of them set, the last image among them. */
  private static List<BitSet> networks(int count, long seed) {
    Random random = new Random(seed);
    List<BitSet> networks = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      BitSet wrong = new BitSet();
      for (int i = 0; i < IMAGES; i++) {
        wrong.set(i, random.nextInt(3 + n) == 0);
      }
      wrong.set(IMAGES - 1);
      networks.add(wrong);
    }
    return networks;
  }

  private static int[] times(UniformRandomProvider random) {
    int[] times = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      times[random.nextInt(IMAGES)]++;
    }
    return times;
  }

  private static double weighted(int[] times, BitSet... all) {
    double sum = 0;
    for (int i = 0; i < IMAGES; i++) {
      int image = i;
      sum += Arrays.stream(all).allMatch(bits -> bits.get(image)) ? times[i] : 0;
    }
    return sum;
  }

  @Test
  void resampledImagesCountAsOftenAsTheyWereDrawn() {
    List<BitSet> networks = networks(2, 1);
    int[] times = times(Generators.of(5, "bootstrap", 0, 7));
    ImageResample resample = new ImageResample(IMAGES, Generators.of(5, "bootstrap", 0, 7));
    long[] a = ImageResample.words(networks.get(0), IMAGES);
    long[] b = ImageResample.words(networks.get(1), IMAGES);

    assertThat(Arrays.stream(times).max().orElseThrow()).isGreaterThan(3);
    assertThat(resample.count(a)).isEqualTo((int) weighted(times, networks.get(0)));
    assertThat(resample.count(a, b))
        .isEqualTo((int) weighted(times, networks.get(0), networks.get(1)));
    for (int i = 0; i < IMAGES; i++) {
      BitSet one = new BitSet();
      one.set(i);
      assertThat(resample.count(ImageResample.words(one, IMAGES))).isEqualTo(times[i]);
    }
  }

  /** Efron's BCa over draws and images; the reach is Student's, by Welch and Satterthwaite. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void meansOverDrawsAndImages(int draws) {
    List<BitSet> wrong = networks(draws, draws);
    Estimate estimate =
        new TwoLevelBootstrap(IMAGES, LEVEL, RESAMPLES, 11).means(List.of(wrong)).get(0);

    double[] resampled = new double[RESAMPLES];
    for (int b = 0; b < RESAMPLES; b++) {
      UniformRandomProvider random = Generators.of(11, "bootstrap", 0, b);
      int[] times = times(random);
      for (int i = 1; i < draws; i++) {
        resampled[b] += weighted(times, wrong.get(random.nextInt(draws))) / IMAGES / (draws - 1.0);
      }
    }
    double[] ofDraws = new double[draws];
    double[] ofImages = new double[IMAGES];
    for (int d = 0; d < draws; d++) {
      for (int i = 0; i < IMAGES; i++) {
        double one = wrong.get(d).get(i) ? 1 : 0;
        ofDraws[d] += one / IMAGES;
        ofImages[i] += one / draws;
      }
    }
    double mean = mean(ofDraws, v -> v);
    double varianceOfDraws = moment(ofDraws, 2) / (draws - 1) / draws;
    double varianceOfImages = moment(ofImages, 2) / (IMAGES - 1) / IMAGES;
    double variance = varianceOfDraws + varianceOfImages;
    double degrees =
        variance
            * variance
            / (varianceOfDraws * varianceOfDraws / (draws - 1)
                + varianceOfImages * varianceOfImages / (IMAGES - 1));
    double reach = TDistribution.of(degrees).inverseCumulativeProbability((1 + LEVEL) / 2);
    double below = 0.5;
    for (double m : resampled) {
      below += Math.abs(m - mean) < 1e-12 ? 0.5 : m < mean ? 1 : 0;
    }
    double bias = NORMAL.inverseCumulativeProbability(below / (RESAMPLES + 1));
    double squares = moment(ofDraws, 2) / (draws * draws) + moment(ofImages, 2) / (IMAGES * IMAGES);
    double cubes =
        moment(ofDraws, 3) / Math.pow(draws, 3) + moment(ofImages, 3) / Math.pow(IMAGES, 3);
    double acceleration = cubes / 6 / Math.pow(squares, 1.5);
    DoubleUnaryOperator end =
        distance ->
            Quantile.withDefaults()
                .evaluate(
                    resampled,
                    NORMAL.cumulativeProbability(
                        bias + (bias + distance) / (1 - acceleration * (bias + distance))));

    assertThat(acceleration).isNotCloseTo(0, within(1e-3));
    assertThat(bias).isNotCloseTo(0, within(1e-3));
    assertThat(estimate.value()).isCloseTo(mean, within(1e-12));
    assertThat(estimate.interval().low()).isCloseTo(end.applyAsDouble(-reach), within(1e-12));
    assertThat(estimate.interval().high()).isCloseTo(end.applyAsDouble(reach), within(1e-12));
    assertThat(estimate.interval().level()).isEqualTo(LEVEL);
  }

  @Test
  void drawsThatAgreeOnEveryImageLeaveTheImages() {
    BitSet none = new BitSet();
    BitSet all = new BitSet();
    all.set(0, IMAGES);
    List<Estimate> estimates =
        new TwoLevelBootstrap(IMAGES, LEVEL, RESAMPLES, 1)
            .means(List.of(List.of(none, none, none), List.of(all, all)));

    assertThat(estimates)
        .containsExactly(
            Estimate.errorRate(0, IMAGES, LEVEL), Estimate.errorRate(IMAGES, IMAGES, LEVEL));
  }

  @Test
  void errorsCorrelateByPhiOfEveryPair() {
    List<BitSet> wrong = networks(3, 4);
    Estimate estimate = new ErrorCorrelation(wrong, IMAGES).mean(LEVEL, RESAMPLES, 11);

    int[] once = new int[IMAGES];
    Arrays.fill(once, 1);
    double[] resampled = new double[RESAMPLES];
    for (int b = 0; b < RESAMPLES; b++) {
      resampled[b] = phi(times(Generators.of(11, "bootstrap", 0, b)), wrong);
    }
    assertThat(estimate.value()).isCloseTo(phi(once, wrong), within(1e-12));
    assertThat(estimate.interval().low())
        .isCloseTo(Quantile.withDefaults().evaluate(resampled, 0.05), within(1e-12));
    assertThat(estimate.interval().high())
        .isCloseTo(Quantile.withDefaults().evaluate(resampled, 0.95), within(1e-12));
  }

  @Test
  void networksThatNeverVaryCorrelateWithNothing() {
    BitSet all = new BitSet();
    all.set(0, IMAGES);
    List<BitSet> wrong = new ArrayList<>(networks(2, 4));
    double pair = new ErrorCorrelation(wrong, IMAGES).mean(LEVEL, 10, 1).value();
    wrong.add(all);
    wrong.add(new BitSet());

    assertThat(new ErrorCorrelation(wrong, IMAGES).mean(LEVEL, 10, 1).value()).isEqualTo(pair);
    assertThat(new ErrorCorrelation(List.of(all, all), IMAGES).mean(LEVEL, 10, 1).value()).isZero();
  }

  /** The correlation of 0 and 1, from the four counts of each pair. */
  private static double phi(int[] times, List<BitSet> wrong) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < wrong.size(); i++) {
      for (int j = i + 1; j < wrong.size(); j++) {
        double both = weighted(times, wrong.get(i), wrong.get(j));
        double first = weighted(times, wrong.get(i)) - both;
        double second = weighted(times, wrong.get(j)) - both;
        double neither = IMAGES - both - first - second;
        sum +=
            (both * neither - first * second)
                / Math.sqrt(
                    (both + first) * (both + second) * (neither + first) * (neither + second));
        pairs++;
      }
    }
    return sum / pairs;
  }

  private static double mean(double[] values, DoubleUnaryOperator of) {
    return Arrays.stream(values).map(of).average().orElseThrow();
  }

  /** The sum of the powers of the distances from the mean. */
  private static double moment(double[] values, int power) {
    double mean = mean(values, v -> v);
    return values.length * mean(values, v -> Math.pow(v - mean, power));
  }
}
