package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.lesion.Tally.MetricSum;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Arithmetic of metrics: exact sums, and what follows from them. */
final class MetricSums {
  /** Values are summed in units of 2^-100, their squares in units of 2^-200. */
  private static final int FRACTION_BITS = 100;

  /** The largest value is 2^100. */
  private static final int MOST_BITS = 100;

  /** What may stand in the head of a table and as the name of a JSON field. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  private MetricSums() {}

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          ("the name of a metric is 1 to 64 letters, digits, dots, hyphens and underscores, the"
                  + " first a letter or digit, got '%s'")
              .formatted(Names.shorten(name)));
    }
  }

  /** A value in units. */
  static BigInteger units(double value) {
    if (!(Math.abs(value) <= Math.scalb(1.0, MOST_BITS))) {
      throw new InvalidInputException(
          "a metric gives finite numbers of at most 2^%s in absolute value, got %s"
              .formatted(MOST_BITS, value));
    }
    return Tallies.units(value, FRACTION_BITS);
  }

  /** Cauchy's and Schwarz's inequality, which every sum of values fulfils. */
  static void check(String name, MetricSum sum, int total) {
    checkName(name);
    BigInteger count = BigInteger.valueOf(total);
    BigInteger most = count.shiftLeft(2 * (FRACTION_BITS + MOST_BITS));
    if (sum.sum().pow(2).compareTo(count.multiply(sum.squares())) > 0
        || sum.squares().compareTo(most) > 0) {
      throw new InvalidInputException(
          "the sums of the metric '%s' are not those of %s values".formatted(name, total));
    }
  }

  /** The sums over all records of some tallies, which have the same metrics. */
  static Map<String, MetricSum> plus(Map<String, MetricSum> a, Map<String, MetricSum> b) {
    Map<String, MetricSum> sums = new TreeMap<>(a);
    b.forEach((name, sum) -> sums.merge(name, sum, MetricSum::plus));
    return sums;
  }

  static MetricSum of(List<Tally> tallies, String name) {
    MetricSum sum = new MetricSum(BigInteger.ZERO, BigInteger.ZERO);
    for (Tally tally : tallies) {
      MetricSum part = tally.metrics().get(name);
      if (part == null) {
        throw new InvalidInputException(
            "no metric '%s' was measured, only %s; name one with LesionStudy.metric before the run"
                .formatted(Names.shorten(name), tally.metrics().keySet()));
      }
      sum = sum.plus(part);
    }
    return sum;
  }

  static double mean(MetricSum sum, int total) {
    return Math.scalb(sum.sum().doubleValue() / total, -FRACTION_BITS);
  }

  /** Of the mean of independent images, of which there are at least two. */
  static MeanVariance variance(MetricSum sum, int total) {
    BigInteger count = BigInteger.valueOf(total);
    BigInteger squares = count.multiply(sum.squares()).subtract(sum.sum().pow(2));
    double variance =
        Math.scalb(squares.doubleValue(), -2 * FRACTION_BITS)
            / ((double) total * total * (total - 1));
    return new MeanVariance(variance, total - 1);
  }
}
