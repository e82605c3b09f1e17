package io.github.resnetensembles.statistics;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.Interrupts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/** Correlations of ranks. */
final class RankCorrelations {
  /** Below it the variances of Fisher's z mean nothing. */
  private static final int MIN_PAIRS = 5;

  private static final Interrupts INTERRUPTS = Interrupts.during("ranks were compared");

  private RankCorrelations() {}

  static Estimate of(RankCorrelation kind, List<Double> x, List<Double> y, double level) {
    Require.level(level);
    if (x.size() != y.size()) {
      throw new InvalidInputException(
          "a correlation is of pairs, got " + x.size() + " and " + y.size() + " values");
    }
    if (x.size() < MIN_PAIRS) {
      throw new InvalidInputException(
          "a rank correlation needs at least " + MIN_PAIRS + " pairs, got " + x.size());
    }
    double[] first = ranks(x);
    double[] second = ranks(y);
    double n = x.size();
    return switch (kind) {
      case SPEARMAN -> {
        double rho = pearson(first, second);
        yield fisher(rho, 1 - 6 / (n * (n * n - 1)), (1 + rho * rho / 2) / (n - 3), level);
      }
      case KENDALL ->
          fisher(
              kendall(first, second),
              1 - 2 / (n * (n - 1)),
              0.437 / (n - 4) * kendallInflation(first, second),
              level);
    };
  }

  private static double[] ranks(List<Double> values) {
    // Adding 0 makes 0 of -0, which would have a rank of its own.
    double[] array = values.stream().mapToDouble(value -> value + 0.0).toArray();
    for (double value : array) {
      if (!Double.isFinite(value)) {
        throw new InvalidInputException("a rank correlation is of finite values, got " + value);
      }
    }
    if (Arrays.stream(array).distinct().count() == 1) {
      throw new InvalidInputException(
          "a rank correlation needs different values, but all %s are %s"
              .formatted(array.length, array[0]));
    }
    return new NaturalRanking(TiesStrategy.AVERAGE).apply(array);
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  private static double kendall(double[] x, double[] y) {
    long score = 0;
    long untiedX = 0;
    long untiedY = 0;
    for (int i = 0; i < x.length; i++) {
      INTERRUPTS.check();
      for (int j = 0; j < i; j++) {
        int signX = Double.compare(x[i], x[j]);
        int signY = Double.compare(y[i], y[j]);
        score += (long) signX * signY;
        untiedX += Math.abs(signX);
        untiedY += Math.abs(signY);
      }
    }
    return score / Math.sqrt((double) untiedX * untiedY);
  }

  /**
   * By how much ties raise the variance of tau-b between independent variables (Kendall, "Rank
   * Correlation Methods", 1970): exactly 1 without ties.
   */
  static double kendallInflation(double[] x, double[] y) {
    double n = x.length;
    double pairs = n * (n - 1);
    Ties first = Ties.of(x);
    Ties second = Ties.of(y);
    double untied = pairs * (2 * n + 5) / 18;
    double score =
        untied
            - (first.weighted + second.weighted) / 18
            + first.pairs * second.pairs / (2 * pairs)
            + first.triples * second.triples / (9 * pairs * (n - 2));
    return score / untied * (pairs / (pairs - first.pairs)) * (pairs / (pairs - second.pairs));
  }

  /**
   * Sums over the groups of tied values, t being a group's size.
   *
   * @param pairs of t (t - 1)
   * @param triples of t (t - 1) (t - 2)
   * @param weighted of t (t - 1) (2t + 5)
   */
  private record Ties(double pairs, double triples, double weighted) {
    static Ties of(double[] values) {
      Map<Double, Long> sizes =
          Arrays.stream(values)
              .boxed()
              .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
      double pairs = 0;
      double triples = 0;
      double weighted = 0;
      for (double t : sizes.values()) {
        pairs += t * (t - 1);
        triples += t * (t - 1) * (t - 2);
        weighted += t * (t - 1) * (2 * t + 5);
      }
      return new Ties(pairs, triples, weighted);
    }
  }

  /**
   * By Fisher's z. Perfect agreement, whose z is infinite, counts as {@code largest}: halfway to
   * the next value that the correlation can take.
   */
  private static Estimate fisher(
      double correlation, double largest, double variance, double level) {
    double value = Math.max(-1, Math.min(1, correlation));
    double finite = Math.max(-largest, Math.min(largest, value));
    double z = 0.5 * Math.log((1 + finite) / (1 - finite));
    double half =
        NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - level) / 2)
            * Math.sqrt(variance);
    return new Estimate(
        value,
        new Interval(
            Math.min(value, Math.tanh(z - half)), Math.max(value, Math.tanh(z + half)), level));
  }
}
