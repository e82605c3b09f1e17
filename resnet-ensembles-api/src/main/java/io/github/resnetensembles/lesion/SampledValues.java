package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Values of players, sampled from random orders. */
final class SampledValues {
  private final int players;
  private final List<List<Double>> contributions = new ArrayList<>();
  private final List<List<Double>> weights = new ArrayList<>();
  private final int[][] imageSums;

  SampledValues(int players, int images) {
    this.players = players;
    this.imageSums = new int[players][images];
    for (int i = 0; i < players; i++) {
      contributions.add(new ArrayList<>());
      weights.add(new ArrayList<>());
    }
  }

  /**
   * Adds what a player contributed in one order.
   *
   * @param size how many players came before it
   * @param wrongWith the images that are wrong with it
   * @param wrongWithout the images that are wrong without it
   */
  void add(int player, int size, double contribution, BitSet wrongWith, BitSet wrongWithout) {
    contributions.get(player).add(contribution);
    // In an order every size is equally likely; in a random set it is binomial.
    weights.get(player).add(BinomialDistribution.of(players - 1, 0.5).probability(size));
    int[] sums = imageSums[player];
    wrongWithout.stream().forEach(image -> sums[image]++);
    wrongWith.stream().forEach(image -> sums[image]--);
  }

  Estimate shapley(int player, double level) {
    return Intervals.mean(contributions(player), level);
  }

  /** At least as wide as without images: with few orders, the degrees of freedom may make up. */
  Interval shapleyOverImages(int player, double level) {
    Interval given = shapley(player, level).interval();
    double[] byDraw = contributions(player);
    double[] byImage = new double[imageSums[player].length];
    for (int image = 0; image < byImage.length; image++) {
      byImage[image] = (double) imageSums[player][image] / byDraw.length;
    }
    Interval both = Intervals.mean(byDraw, byImage, level).interval();
    return new Interval(
        Math.min(given.low(), both.low()), Math.max(given.high(), both.high()), level);
  }

  /**
   * A ratio estimator: the weighted mean. Its variance is the jackknife's, its degrees of freedom
   * those of as many equal weights as these are worth.
   */
  Estimate banzhaf(int player, double level) {
    double[] values = contributions(player);
    double[] weight = weights.get(player).stream().mapToDouble(w -> w).toArray();
    double sum = 0;
    double weightSum = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weight[i] * values[i];
      weightSum += weight[i];
      squares += weight[i] * weight[i];
    }
    double value = sum / weightSum;
    double variance = 0;
    for (int i = 0; i < values.length; i++) {
      double without = (sum - weight[i] * values[i]) / (weightSum - weight[i]);
      variance += (without - value) * (without - value) * (values.length - 1) / values.length;
    }
    double worth = weightSum * weightSum / squares;
    return Intervals.symmetric(value, new MeanVariance(variance, Math.max(1, worth - 1)), level);
  }

  private double[] contributions(int player) {
    return contributions.get(player).stream().mapToDouble(c -> c).toArray();
  }
}
