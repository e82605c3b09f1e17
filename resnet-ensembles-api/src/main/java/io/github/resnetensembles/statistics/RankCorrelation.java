package io.github.resnetensembles.statistics;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;

/** A correlation of ranks, with an interval. */
public enum RankCorrelation {
  /**
   * Spearman's rho: the correlation of the ranks, ties sharing their mean rank. The interval is
   * that of Bonett and Wright 2000: Fisher's z with the variance (1 + rho²/2) / (N - 3).
   */
  SPEARMAN,
  /**
   * Kendall's tau-b. The interval is that of Fieller, Hartley and Pearson 1957: Fisher's z with the
   * variance 0.437 / (N - 4), times what ties add to the variance of tau-b between independent
   * variables (Kendall, "Rank Correlation Methods", 1970).
   */
  KENDALL;

  /**
   * The correlation of paired values. The intervals assume independent pairs; they cover close to
   * their level for |rho| up to 0.95 and |tau| up to 0.8; more than it where one variable has few
   * different values and the correlation is strong.
   *
   * @param x finite values, at least 5, not all equal
   * @param y as many
   * @param level of the interval, in (0, 1)
   * @return the correlation, in [-1, 1]
   * @throws InvalidInputException if there are fewer, not as many, or all are equal
   * @throws IllegalArgumentException if the level is out of range
   */
  public Estimate of(List<Double> x, List<Double> y, double level) {
    return RankCorrelations.of(this, x, y, level);
  }
}
