package io.github.resnetensembles.internal.statistics;

import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;

/** Intervals in closed form. */
public final class Intervals {
  private Intervals() {}

  /** Of the mean of independent values, by Student's t; at least two. */
  public static Estimate mean(double[] values, double level) {
    return symmetric(mean(values), MeanVariance.of(values), level);
  }

  /**
   * Of the mean of a table, from the means of its rows and those of its columns, both drawn at
   * random: see {@link MeanVariance#plus}.
   */
  public static Estimate mean(double[] rowMeans, double[] columnMeans, double level) {
    return symmetric(
        mean(rowMeans), MeanVariance.of(rowMeans).plus(MeanVariance.of(columnMeans)), level);
  }

  public static Estimate symmetric(double value, MeanVariance variance, double level) {
    double half =
        variance.value() == 0 ? 0 : variance.quantile(level) * Math.sqrt(variance.value());
    return new Estimate(value, new Interval(value - half, value + half, level));
  }

  /** A number that nothing was sampled for. */
  public static Estimate certain(double value, double level) {
    return new Estimate(value, new Interval(value, value, level));
  }

  public static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /**
   * The estimated variance of a mean, with its degrees of freedom.
   *
   * @param value the variance
   * @param degreesOfFreedom of Student's t; unused where the variance is 0
   */
  public record MeanVariance(double value, double degreesOfFreedom) {
    public static MeanVariance of(double[] values) {
      return new MeanVariance(Variance.of(values).getAsDouble() / values.length, values.length - 1);
    }

    /**
     * The sum of two sources, its degrees of freedom by Welch and Satterthwaite. If the sources are
     * the rows and the columns of one table, what is neither of a row nor of a column is counted
     * twice, so that the sum is too large by that.
     */
    public MeanVariance plus(MeanVariance other) {
      double sum = value + other.value;
      double scale =
          value * value / degreesOfFreedom + other.value * other.value / other.degreesOfFreedom;
      return new MeanVariance(sum, scale == 0 ? degreesOfFreedom : sum * sum / scale);
    }

    /** How many standard errors an interval reaches to each side. */
    public double quantile(double level) {
      return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability((1 - level) / 2);
    }
  }
}
