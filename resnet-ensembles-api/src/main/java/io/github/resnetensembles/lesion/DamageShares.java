package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;

/**
 * How much of what an intact network can lose its lesions cost: (error with the lesion - error
 * intact) / (error of chance - error intact). 0 is no damage, 1 is chance; shares can be negative,
 * and above 1. Unlike points of error, shares of networks with different errors compare.
 *
 * @param median over the rows
 * @param mean over the rows
 */
public record DamageShares(Estimate median, Estimate mean) {
  /**
   * Checks that both are there.
   *
   * @param median over the rows
   * @param mean over the rows
   */
  public DamageShares {
    Require.present("median", median);
    Require.present("mean", mean);
  }
}
