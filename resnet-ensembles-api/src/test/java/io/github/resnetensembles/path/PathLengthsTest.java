package io.github.resnetensembles.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.math.BigIntegerMath;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.network.Architecture;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closed forms, the paper's numbers, and brute force where there is no closed form. */
class PathLengthsTest {
  private static final Percentage TO_ROUNDING = Percentage.withPercentage(1e-13);
  private static final Percentage TO_MANY_ROUNDINGS = Percentage.withPercentage(1e-9);

  @Test
  void publishedNumbers() {
    PathLengths all = PathEnumerator.of(54).lengths();
    assertThat(all.probability(19, 35)).isCloseTo(0.98017, within(5e-6));
    assertThat(all.probability(20, 34)).isCloseTo(0.95978, within(5e-6));
    assertThat(all.probability(5, 17)).isCloseTo(0.0045367, within(5e-8));
    assertThat(all.mean()).isEqualTo(27);
    assertThat(Math.sqrt(all.variance())).isCloseTo(3.674, within(5e-4));

    PathLengths effective = PathLengths.keeping(23);
    assertThat(effective.probability(5, 17)).isCloseTo(0.9934, within(5e-5));
    assertThat(effective.mean()).isEqualTo(11.5);
    assertThat(Math.sqrt(effective.variance())).isCloseTo(2.40, within(5e-3));
    assertThat(effective.longest()).isEqualTo(23);
  }

  /**
   * Figure 7: the share of the paths of a length that is left after deletions from 54 blocks. The
   * numbers are rounded as printed, .01745 down.
   */
  @ParameterizedTest(name = "{1} blocks deleted, length {0}: {2}")
  @CsvSource({
    "1, 1, .9815, 5e-5",
    "5, 1, .9074, 5e-5",
    "8, 1, .8519, 5e-5",
    "11, 1, .7963, 5e-5",
    "17, 1, .6852, 5e-5",
    "20, 1, .6296, 5e-5",
    "27, 1, .5000, 5e-5",
    "1, 10, .8148, 5e-5",
    "5, 10, .3434, 5e-5",
    "8, 10, .1703, 5e-5",
    "11, 10, .0801, 5e-5",
    "17, 10, .0146, 5e-5",
    "20, 10, .0055, 5e-5",
    "27, 10, .00035, 5e-6",
    "1, 20, .6296, 5e-5",
    "5, 20, .0880, 5e-5",
    "8, 20, .0174, 6e-5",
    "11, 20, .0030, 5e-5",
    "17, 20, 5e-5, 5e-6",
    "20, 20, 0, 1e-5",
    "27, 20, 0, 1e-6"
  })
  void pathsLeftAfterDeletions(int length, int deleted, double expected, double accuracy) {
    PathEnumerator paths = PathEnumerator.of(54).ofLength(length);

    assertThat(paths.fractionLeft(deleted)).isCloseTo(expected, within(accuracy));
  }

  @Test
  void pathsLeftAreThoseAroundTheDeletedBlocksOnAverage() {
    PathEnumerator mixed =
        PathEnumerator.of(
            List.of(
                PathStep.residual(1),
                PathStep.plain(2),
                PathStep.residual(3).withBranches(2),
                PathStep.residual(4).deleted(),
                PathStep.residual(5)));
    for (PathEnumerator paths : List.of(mixed, mixed.ofLength(2), mixed.through(3))) {
      double sum = 0;
      int pairs = 0;
      for (int a = 1; a <= 5; a++) {
        for (int b = a + 1; b <= 5; b++) {
          sum += paths.around(a, b).fractionOf(paths);
          pairs++;
        }
      }
      assertThat(paths.fractionLeft(2)).isCloseTo(sum / pairs, TO_ROUNDING);
    }
    assertThat(PathEnumerator.of(9).fractionLeft(3)).isEqualTo(0.125);
    assertThat(PathEnumerator.of(9).fractionLeft(0)).isEqualTo(1);
    assertThat(PathEnumerator.of(9).ofLength(1).fractionLeft(9)).isZero();
    assertThatThrownBy(() -> PathEnumerator.of(9).fractionLeft(10))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("the number of deleted blocks must be from 0 to 9, got 10");
    assertThatThrownBy(() -> PathEnumerator.of(9).ofLength(10).fractionLeft(1))
        .isInstanceOf(InvalidPathException.class)
        .hasMessageStartingWith("there is no path among the paths of lengths 10 to 9");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 20, 63, 64, 65, 200, 1000})
  void residualNetworksAreBinomial(int n) {
    PathCounts lengths = PathEnumerator.of(n).lengths();

    BigInteger all = BigInteger.TWO.pow(n);
    assertThat(lengths.total()).isEqualTo(all).isEqualTo(PathEnumerator.of(n).count());
    for (int k = -1; k <= n + 1; k++) {
      BigInteger count = k < 0 || k > n ? BigInteger.ZERO : BigIntegerMath.binomial(n, k);
      assertThat(lengths.count(k)).isEqualTo(count);
      assertThat(lengths.probability(k))
          .isEqualTo(
              new BigDecimal(count)
                  .divide(new BigDecimal(all), new MathContext(400))
                  .doubleValue());
    }
    assertThat(lengths.mean()).isEqualTo(n / 2.0);
    assertThat(lengths.variance()).isEqualTo(n / 4.0);
    assertThat(lengths.shortest()).isZero();
    assertThat(lengths.longest()).isEqualTo(n);
  }

  @Test
  void tenThousandBlocksNeitherOverflowNorUnderflow() {
    PathCounts lengths = PathEnumerator.of(10_000).lengths();

    assertThat(lengths.total()).isEqualTo(BigInteger.ONE.shiftLeft(10_000));
    assertThat(lengths.count(10_000)).isEqualTo(1);
    assertThat(lengths.count(9_998)).isEqualTo(10_000 * 9_999 / 2);
    assertThat(lengths.probability(0)).isZero();
    assertThat(lengths.logProbability(0)).isCloseTo(-10_000 * Math.log(2), TO_ROUNDING);
    assertThat(lengths.logProbability(9_999))
        .isCloseTo(Math.log(10_000) - 10_000 * Math.log(2), TO_ROUNDING);
    assertThat(lengths.logProbability(-1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(lengths.probability(0, 10_000)).isEqualTo(1);
    assertThat(lengths.probability(5_000)).isCloseTo(1 / Math.sqrt(Math.PI * 5_000), within(1e-6));
    assertThat(lengths.mean()).isEqualTo(5_000);
    assertThat(lengths.variance()).isEqualTo(2_500);
    assertThat(lengths.quantile(0.5)).isEqualTo(5_000);
    assertThat(lengths.quantile(0.025)).isEqualTo(4_902);
  }

  @Test
  void quantilesAreTheSmallestLengths() {
    PathCounts lengths = PathEnumerator.of(3).lengths(); // 1/8, 3/8, 3/8, 1/8
    assertThat(lengths.quantile(0)).isZero();
    assertThat(lengths.quantile(0.125)).isZero();
    assertThat(lengths.quantile(Math.nextUp(0.125))).isEqualTo(1);
    assertThat(lengths.quantile(0.5)).isEqualTo(1);
    assertThat(lengths.quantile(Math.nextUp(0.5))).isEqualTo(2);
    assertThat(lengths.quantile(0.875)).isEqualTo(2);
    assertThat(lengths.quantile(1)).isEqualTo(3);
    PathLengths survivors = PathLengths.survivors(0.5, 0.5, 0.5);
    assertThat(survivors.quantile(0.125)).isZero();
    assertThat(survivors.quantile(0.2)).isEqualTo(1);
    assertThat(survivors.quantile(1)).isEqualTo(3);
    assertThatThrownBy(() -> lengths.quantile(1.5))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("a probability is in [0, 1], got 1.5");
    assertThatThrownBy(() -> survivors.quantile(Double.NaN))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("a probability is in [0, 1], got NaN");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyWiringIsAProductOfPolynomials(long seed) {
    Random random = new Random(seed);
    List<PathStep> steps = new ArrayList<>();
    int n = 1 + random.nextInt(40);
    for (int block = 1; block <= n; block++) {
      int branches = random.nextInt(4);
      int skips = branches == 0 ? 1 : random.nextInt(2);
      steps.add(new PathStep(block, skips, branches, 1 + random.nextInt(3)));
      if (random.nextInt(4) == 0) {
        steps.add(steps.get(steps.size() - 1));
      }
    }
    PathEnumerator paths = PathEnumerator.of(steps);

    BigInteger[] counts = product(steps, false);
    assertCounts(paths.lengths(), counts);
    assertCounts(paths.weightLayers(), product(steps, true));
    BigInteger some = counts[n / 2].add(counts[n / 2 + 1]);
    assertThat(paths.ofLengths(n / 2, n / 2 + 1).count()).isEqualTo(some);
    assertThat(paths.lengths().count(n / 2, n / 2 + 1)).isEqualTo(some);
  }

  private static BigInteger[] product(List<PathStep> steps, boolean layers) {
    BigInteger[] counts = new BigInteger[3 * steps.size() + 1];
    Arrays.fill(counts, BigInteger.ZERO);
    counts[0] = BigInteger.ONE;
    for (PathStep step : steps) {
      int width = layers ? step.layers() : 1;
      for (int k = counts.length - 1; k >= 0; k--) {
        BigInteger taken = k < width ? BigInteger.ZERO : counts[k - width];
        counts[k] =
            counts[k]
                .multiply(BigInteger.valueOf(step.skips()))
                .add(taken.multiply(BigInteger.valueOf(step.branches())));
      }
    }
    return counts;
  }

  private static void assertCounts(PathCounts lengths, BigInteger[] counts) {
    BigInteger total = BigInteger.ZERO;
    double mean = 0;
    double square = 0;
    for (int k = 0; k < counts.length; k++) {
      assertThat(lengths.count(k)).as("length %s", k).isEqualTo(counts[k]);
      total = total.add(counts[k]);
    }
    for (int k = 0; k < counts.length; k++) {
      double share =
          new BigDecimal(counts[k])
              .divide(new BigDecimal(total), MathContext.DECIMAL128)
              .doubleValue();
      assertThat(lengths.probability(k)).isCloseTo(share, TO_ROUNDING);
      assertThat(Math.exp(lengths.logProbability(k))).isCloseTo(share, Offset.offset(1e-13));
      mean += k * share;
      square += (double) k * k * share;
    }
    assertThat(lengths.total()).isEqualTo(total);
    assertThat(lengths.mean()).isCloseTo(mean, Offset.offset(1e-11));
    assertThat(lengths.variance()).isCloseTo(square - mean * mean, Offset.offset(1e-9));
  }

  @Test
  void largeMixturesAreExact() {
    List<PathStep> steps = new ArrayList<>();
    for (int block = 1; block <= 400; block++) {
      steps.add(PathStep.residual(block).withBranches(1 + block % 5).withLayers(1 + block % 3));
    }
    assertCounts(PathEnumerator.of(steps).weightLayers(), product(steps, true));
  }

  @Test
  void weightLayersOfArchitectures() {
    PathEnumerator basic = PathEnumerator.of(Architecture.preResnet(110));
    assertThat(basic.weightLayers().probability(10, 34))
        .isEqualTo(basic.lengths().probability(5, 17));
    assertThat(basic.weightLayers().longest()).isEqualTo(108);
    assertThat(basic.ofLengths(5, 17).weightLayers().shortest()).isEqualTo(10);
    assertThat(basic.ofLengths(5, 17).weightLayers().longest()).isEqualTo(34);
    assertThat(PathEnumerator.of(Architecture.of("imagenet-resnet-152")).weightLayers().longest())
        .isEqualTo(150);
    assertThat(PathEnumerator.of(Architecture.of("vgg-15")).weightLayers().mean()).isEqualTo(12);
    assertThatThrownBy(() -> PathEnumerator.of(3).weightLayers())
        .isInstanceOf(InvalidPathException.class)
        .hasMessage(
            "the weight layers of block 1 are not known; give PathStep.withLayers, or count blocks"
                + " with lengths()");
    PathEnumerator mixed =
        PathEnumerator.of(
            List.of(PathStep.residual(1).withLayers(2), PathStep.residual(2).withLayers(3)));
    assertThatThrownBy(() -> mixed.ofLength(1).weightLayers())
        .isInstanceOf(InvalidPathException.class)
        .hasMessage(
            "the branches differ in their weight layers, so those of paths of length 1 are not"
                + " counted; count those of all paths");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void survivalIsPoissonBinomial(long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(12);
    double[] p = random.doubles(n).toArray();
    p[random.nextInt(n)] = seed % 3 == 0 ? 1 : 0;
    double[] survivors = new double[n + 1];
    double[] paths = new double[n + 1];
    for (int kept = 0; kept < 1 << n; kept++) {
      double probability = 1;
      for (int i = 0; i < n; i++) {
        probability *= (kept >> i & 1) == 1 ? p[i] : 1 - p[i];
      }
      int m = Integer.bitCount(kept);
      survivors[m] += probability;
      for (int k = 0; k <= m; k++) {
        paths[k] += probability * PathLengths.keeping(m).probability(k);
      }
    }

    assertDistribution(PathLengths.survivors(p), survivors);
    assertDistribution(PathLengths.survival(p), paths);
  }

  private static void assertDistribution(PathLengths lengths, double[] expected) {
    double mean = 0;
    double square = 0;
    for (int k = 0; k < expected.length; k++) {
      assertThat(lengths.probability(k)).isCloseTo(expected[k], TO_MANY_ROUNDINGS);
      assertThat(lengths.logProbability(k)).isCloseTo(Math.log(expected[k]), within(1e-11));
      mean += k * expected[k];
      square += k * k * expected[k];
    }
    assertThat(lengths.probability(-1)).isZero();
    assertThat(lengths.probability(expected.length)).isZero();
    assertThat(lengths.probability(-5, expected.length)).isCloseTo(1, within(1e-12));
    assertThat(lengths.mean()).isCloseTo(mean, within(1e-12));
    assertThat(lengths.variance()).isCloseTo(square - mean * mean, within(1e-11));
  }

  @Test
  void manySurvivorsDoNotUnderflow() {
    double[] halves = new double[10_000];
    Arrays.fill(halves, 0.5);
    PathLengths survivors = PathLengths.survivors(halves);
    PathLengths binomial = PathEnumerator.of(10_000).lengths();
    for (int k = 0; k <= 10_000; k += 100) {
      assertThat(survivors.logProbability(k)).isCloseTo(binomial.logProbability(k), within(1e-9));
    }
    assertThat(survivors.probability(4_900, 5_100))
        .isCloseTo(binomial.probability(4_900, 5_100), within(1e-11));
    assertThat(survivors.quantile(0.025)).isEqualTo(4_902);
  }

  @Test
  void tinyProbabilitiesCount() {
    double[] tiny = new double[100];
    Arrays.fill(tiny, Double.MIN_VALUE);
    PathLengths survivors = PathLengths.survivors(tiny);
    assertThat(survivors.logProbability(100))
        .isCloseTo(100 * Math.log(Double.MIN_VALUE), TO_ROUNDING);
    assertThat(survivors.logProbability(1))
        .isCloseTo(Math.log(100) + Math.log(Double.MIN_VALUE), TO_ROUNDING);
    assertThat(survivors.probability(0)).isEqualTo(1);
    assertThat(PathLengths.survivors(1, 0, 1).shortest()).isEqualTo(2);
    assertThat(PathLengths.survivors(1, 0, 1).longest()).isEqualTo(2);
    assertThat(PathLengths.survivors().probability(0)).isEqualTo(1);
  }

  @Test
  void probabilitiesOutsideTheUnitIntervalAreRefused() {
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> PathLengths.survivors(0.5, wrong))
          .isInstanceOf(InvalidPathException.class)
          .hasMessage("a survival probability is in [0, 1], got " + wrong + " for block 2");
    }
    assertThatThrownBy(() -> PathLengths.survival(new double[10_001]))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("a network has at most 10000 blocks, got 10001 probabilities");
    assertThatThrownBy(() -> PathLengths.keeping(-1))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("the number of blocks must be from 0 to 10000, got -1");
    assertThatThrownBy(() -> PathLengths.survivors(0.5).probability(3, 2))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("an interval of lengths ascends, got 3..2; turn it round");
  }

  @Test
  void noPathHasNoDistribution() {
    PathCounts none = PathEnumerator.of(3).ofLength(4).lengths();
    assertThat(none.total()).isZero();
    assertThat(none.count(4)).isZero();
    assertThat(none).isEqualTo(PathEnumerator.of(9).through(3).around(3).lengths());
    for (var ask :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> none.probability(1),
            () -> none.logProbability(1),
            none::mean,
            none::variance,
            none::shortest,
            none::longest,
            () -> none.quantile(0.5))) {
      assertThatThrownBy(ask)
          .isInstanceOf(InvalidPathException.class)
          .hasMessage("there is no path, so path lengths have no distribution");
    }
  }

  @Test
  void theSumOfAllShares() {
    PathLengths lengths = PathEnumerator.of(10_000).lengths();
    assertThat(IntStream.rangeClosed(0, 10_000).mapToDouble(lengths::probability).sum())
        .isCloseTo(1, within(1e-13));
  }
}
