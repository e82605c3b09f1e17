package io.github.resnetensembles.internal.statistics;

import io.github.resnetensembles.Estimate;
import io.github.resnetensembles.Interval;
import io.github.resnetensembles.internal.RefusedValueException;
import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/** Intervals in closed form. */
public final class Intervals {
  private Intervals() {}

  public static void checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new RefusedValueException(
          "a confidence level lies between 0 and 1, such as 0.95, got " + level);
    }
  }

  public static Estimate wilson(int wrong, int total, double level) {
    checkLevel(level);
    if (total < 1 || wrong < 0 || wrong > total) {
      throw new RefusedValueException(
          "an error rate is of 0 to N wrong among N images, N at least 1, got "
              + wrong
              + " of "
              + total);
    }
    double rate = (double) wrong / total;
    var interval = BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(total, wrong, 1 - level);
    // The ends are exact where nothing or everything is wrong; elsewhere rounding may cross them.
    double low = wrong == 0 ? 0 : Math.max(0, Math.min(rate, interval.getLowerBound()));
    double high = wrong == total ? 1 : Math.min(1, Math.max(rate, interval.getUpperBound()));
    return new Estimate(rate, new Interval(low, high, level));
  }

  /** Of the mean of independent values, by Student's t; at least two. */
  public static Estimate mean(double[] values, double level) {
    return symmetric(mean(values), MeanVariance.of(values), level);
  }

  /**
   * Of the mean of a table, from the means of its rows and those of its columns, both drawn at
   * random: see {@link MeanVariance#plus}.
   */
  static Estimate mean(double[] rowMeans, double[] columnMeans, double level) {
    return symmetric(
        mean(rowMeans), MeanVariance.of(rowMeans).plus(MeanVariance.of(columnMeans)), level);
  }

  public static Estimate symmetric(double value, MeanVariance variance, double level) {
    double half =
        variance.value() == 0 ? 0 : variance.quantile(level) * Math.sqrt(variance.value());
    return new Estimate(value, new Interval(value - half, value + half, level));
  }

  /** A number that nothing was sampled for. */
  static Estimate certain(double value, double level) {
    return new Estimate(value, new Interval(value, value, level));
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /**
   * The estimated variance of a mean, with its degrees of freedom.
   *
   * @param value the variance
   * @param degreesOfFreedom of Student's t; unused where the variance is 0
   */
  public record MeanVariance(double value, double degreesOfFreedom) {
    static MeanVariance of(double[] values) {
      return new MeanVariance(Variance.of(values).getAsDouble() / values.length, values.length - 1);
    }

    /**
     * The sum of two sources, its degrees of freedom by Welch and Satterthwaite. If the sources are
     * the rows and the columns of one table, what is neither of a row nor of a column is counted
     * twice, so that the sum is too large by that.
     */
    MeanVariance plus(MeanVariance other) {
      double sum = value + other.value;
      double scale =
          value * value / degreesOfFreedom + other.value * other.value / other.degreesOfFreedom;
      return new MeanVariance(sum, scale == 0 ? degreesOfFreedom : sum * sum / scale);
    }

    /** How many standard errors an interval reaches to each side. */
    double quantile(double level) {
      return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability((1 - level) / 2);
    }
  }
}
