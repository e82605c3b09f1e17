package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Collections2;
import io.github.resnetensembles.lesion.LesionStatistics.PathFit;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Block values, correlations and their intervals, against sums over all orders. */
class ValueNumbersTest {
  private static final int PLAYERS = 4;
  private static final double LEVEL = 0.9;
  private static final double Z_95 = 1.959963984540054;

  private static double[] payoffs(long seed) {
    return new Random(seed).doubles(1 << PLAYERS).toArray();
  }

  private static Collection<List<Integer>> orders(int n) {
    return Collections2.permutations(IntStream.range(0, n).boxed().toList());
  }

  /** Who is there before a player comes, in an order. */
  private static int before(List<Integer> order, int player) {
    return order.subList(0, order.indexOf(player)).stream().mapToInt(p -> 1 << p).sum();
  }

  @Test
  void shapleyIsTheMeanOverAllOrders() {
    double[] payoffs = payoffs(1);
    ExactValues values = new ExactValues(PLAYERS, payoffs);
    for (int player = 0; player < PLAYERS; player++) {
      int bit = 1 << player;
      int p = player;
      double mean =
          orders(PLAYERS).stream()
              .mapToDouble(order -> payoffs[before(order, p) | bit] - payoffs[before(order, p)])
              .average()
              .orElseThrow();
      assertThat(values.shapley(player)).isCloseTo(mean, within(1e-12));
    }
  }

  @Test
  void banzhafIsTheMeanOverAllSets() {
    double[] payoffs = payoffs(2);
    ExactValues values = new ExactValues(PLAYERS, payoffs);
    for (int player = 0; player < PLAYERS; player++) {
      int bit = 1 << player;
      double mean =
          IntStream.range(0, payoffs.length)
              .filter(set -> (set & bit) == 0)
              .mapToDouble(set -> payoffs[set | bit] - payoffs[set])
              .average()
              .orElseThrow();
      assertThat(values.banzhaf(player)).isCloseTo(mean, within(1e-12));
    }
  }

  /** The two come together: the orders of three, the pair being one. */
  @Test
  void interactionIsTheMeanOverAllOrdersOfTheMergedGame() {
    double[] payoffs = payoffs(3);
    ExactValues values = new ExactValues(PLAYERS, payoffs);
    int[] others = {0, 3};
    double mean =
        orders(3).stream()
            .mapToDouble(
                order -> {
                  int set =
                      order.subList(0, order.indexOf(2)).stream()
                          .mapToInt(p -> 1 << others[p])
                          .sum();
                  return payoffs[set | 0b0110]
                      - payoffs[set | 0b0010]
                      - payoffs[set | 0b0100]
                      + payoffs[set];
                })
            .average()
            .orElseThrow();

    assertThat(values.interaction(1, 2)).isCloseTo(mean, within(1e-12));
    assertThat(values.interaction(2, 1)).isCloseTo(mean, within(1e-12));
  }

  @Test
  void everyImageIsAGameOfItsOwn() {
    int images = 70;
    Random random = new Random(4);
    BitSet[] wrong = new BitSet[1 << PLAYERS];
    for (int set = 0; set < wrong.length; set++) {
      wrong[set] = BitSet.valueOf(new long[] {random.nextLong(), random.nextLong() & 63});
    }
    double[][] byImage =
        new ExactValues(PLAYERS, new double[wrong.length]).shapleyByImage(wrong, images);

    for (int image = 0; image < images; image++) {
      double[] right = new double[wrong.length];
      for (int set = 0; set < wrong.length; set++) {
        right[set] = wrong[set].get(image) ? 0 : 1;
      }
      ExactValues game = new ExactValues(PLAYERS, right);
      for (int player = 0; player < PLAYERS; player++) {
        assertThat(byImage[player][image]).isCloseTo(game.shapley(player), within(1e-12));
      }
    }
  }

  /** The weighted mean, its variance by leaving one out at a time. */
  @Test
  void sampledBanzhafIsWeightedBySize() {
    int players = 5;
    int[] sizes = {0, 1, 2, 2, 3, 4};
    double[] contributions = {0.3, -0.1, 0.25, 0.5, 0.05, 0.4};
    SampledValues values = new SampledValues(players, 1);
    double[] weights = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      values.add(1, sizes[i], contributions[i], new BitSet(), new BitSet());
      weights[i] = BinomialDistribution.of(4, 0.5).probability(sizes[i]);
    }
    double mean = weightedMean(contributions, weights, -1);
    double variance = 0;
    for (int i = 0; i < sizes.length; i++) {
      variance += Math.pow(weightedMean(contributions, weights, i) - mean, 2) * 5 / 6;
    }
    double worth =
        Math.pow(Arrays.stream(weights).sum(), 2) / Arrays.stream(weights).map(w -> w * w).sum();
    double half = student(worth - 1) * Math.sqrt(variance);

    Estimate banzhaf = values.banzhaf(1, LEVEL);
    assertThat(banzhaf.value()).isCloseTo(mean, within(1e-12));
    assertInterval(banzhaf.interval(), mean - half, mean + half);
  }

  private static double weightedMean(double[] values, double[] weights, int without) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      sum += i == without ? 0 : weights[i] * values[i];
      all += i == without ? 0 : weights[i];
    }
    return sum / all;
  }

  /** Two orders, three images; the middle one is won in both, the last lost in the second. */
  @Test
  void sampledShapleyVariesWithOrdersAndImages() {
    SampledValues values = new SampledValues(2, 3);
    BitSet none = new BitSet();
    BitSet middle = BitSet.valueOf(new long[] {0b010});
    BitSet last = BitSet.valueOf(new long[] {0b100});
    values.add(0, 0, 1 / 3.0, none, middle);
    values.add(0, 1, 0.0, last, middle);
    double[] byOrder = {1 / 3.0, 0};
    double[] byImage = {0, 1, -0.5};
    double ofOrders = variance(byOrder) / 2;
    double ofImages = variance(byImage) / 3;
    double both = ofOrders + ofImages;
    double degrees = both * both / (ofOrders * ofOrders / 1 + ofImages * ofImages / 2);
    double orders = student(1) * Math.sqrt(ofOrders);
    double all = student(degrees) * Math.sqrt(both);
    double mean = 1 / 6.0;

    Estimate shapley = values.shapley(0, LEVEL);
    assertThat(shapley.value()).isCloseTo(mean, within(1e-12));
    assertInterval(shapley.interval(), mean - orders, mean + orders);
    double widest = Math.max(orders, all);
    assertThat(widest).isNotEqualTo(orders);
    assertInterval(values.shapleyOverImages(0, LEVEL), mean - widest, mean + widest);
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  private static double student(double degrees) {
    return TDistribution.of(degrees).inverseCumulativeProbability((1 + LEVEL) / 2);
  }

  /** By Fisher's z, on numbers without ties: 12 of 15 pairs in order, squared distances 8. */
  @Test
  void correlationsOfRanksHaveFishersIntervals() {
    List<Double> x = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    List<Double> y = List.of(20.0, 10.0, 50.0, 30.0, 40.0, 60.0);
    double rho = 1 - 6 * 8 / (6 * 35.0);
    double tau = (12 - 3) / 15.0;

    assertFisher(RankCorrelation.SPEARMAN.of(x, y, 0.95), rho, (1 + rho * rho / 2) / 3);
    assertFisher(RankCorrelation.KENDALL.of(x, y, 0.95), tau, 0.437 / 2);
  }

  private static void assertFisher(Estimate estimate, double value, double variance) {
    double z = Math.log((1 + value) / (1 - value)) / 2;
    double half = Z_95 * Math.sqrt(variance);
    assertThat(estimate.value()).isCloseTo(value, within(1e-12));
    assertInterval(estimate.interval(), Math.tanh(z - half), Math.tanh(z + half));
  }

  /** Halfway to the next value: one swap of neighbours moves rho by 12 / 120, tau by 2 / 10. */
  @ParameterizedTest
  @CsvSource({"SPEARMAN, 0.95, 0.75", "KENDALL, 0.9, 0.437"})
  void perfectAgreementHasAnInterval(RankCorrelation kind, double largest, double variance) {
    List<Double> x = List.of(1.0, 2.0, 3.0, 4.0, 5.0);
    double inner =
        Math.tanh(Math.log((1 + largest) / (1 - largest)) / 2 - Z_95 * Math.sqrt(variance));

    Estimate same = kind.of(x, x, 0.95);
    Estimate reversed = kind.of(x, List.of(5.0, 4.0, 3.0, 2.0, 1.0), 0.95);
    assertThat(same.value()).isCloseTo(1, within(1e-12));
    assertInterval(same.interval(), inner, 1);
    assertThat(reversed.value()).isCloseTo(-1, within(1e-12));
    assertInterval(reversed.interval(), -1, -inner);
  }

  /** Ranks of ties are their mean: the ordinary correlation of (1.5, 1.5, 3, 4, 5) with 1 to 5. */
  @Test
  void spearmanOfTiesIsTheCorrelationOfMeanRanks() {
    Estimate rho =
        RankCorrelation.SPEARMAN.of(
            List.of(7.0, 7.0, 8.0, 9.0, 10.0), List.of(1.0, 2.0, 3.0, 4.0, 5.0), 0.95);

    // Sums of products and squares about 3: 9.5, 9.5 and 10.
    assertThat(rho.value()).isCloseTo(9.5 / Math.sqrt(9.5 * 10), within(1e-12));
  }

  /** Least squares on (1, 0.1), (1, 0.3), (2, 0.4), (4, 0.9), and what the means explain. */
  @Test
  void errorsAreFittedByTheNumberOfPaths() {
    PathFit fit = PathFits.of(Map.of(1, List.of(0.1, 0.3), 2, List.of(0.4), 4, List.of(0.9)));
    double[] x = {1, 1, 2, 4};
    double[] y = {0.1, 0.3, 0.4, 0.9};
    double[] means = {0.2, 0.2, 0.4, 0.9};
    double meanX = 2;
    double meanY = 0.425;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double explained = 0;
    for (int i = 0; i < 4; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
      yy += (y[i] - meanY) * (y[i] - meanY);
      explained += (means[i] - meanY) * (means[i] - meanY);
    }

    assertThat(fit.rows()).isEqualTo(4);
    assertThat(fit.explained()).isCloseTo(explained / yy, within(1e-12));
    assertThat(fit.linear()).isCloseTo(xy * xy / (xx * yy), within(1e-12));
    assertThat(fit.slope()).isCloseTo(xy / xx, within(1e-12));
  }

  private static void assertInterval(Interval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, within(1e-12));
    assertThat(interval.high()).isCloseTo(high, within(1e-12));
  }
}
