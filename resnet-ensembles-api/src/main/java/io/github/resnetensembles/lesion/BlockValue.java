package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;

/**
 * What one block contributes: see {@link BlockValues}.
 *
 * @param block its number
 * @param shapley the Shapley value. Its interval is over the random orders, given the images; it
 *     has width 0 where the value is exact
 * @param banzhaf the Banzhaf value, with an interval of the same kind
 * @param shapleyOverImages the interval of the Shapley value over the images too; empty for {@link
 *     Payoff#NEGATIVE_LOSS}, as losses of single images are not kept
 */
public record BlockValue(
    int block, Estimate shapley, Estimate banzhaf, Optional<Interval> shapleyOverImages) {
  /**
   * Checks the components.
   *
   * @param block its number
   * @param shapley the Shapley value
   * @param banzhaf the Banzhaf value
   * @param shapleyOverImages the interval of the Shapley value over the images too
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BlockValue {
    Require.present("shapley", shapley);
    Require.present("banzhaf", banzhaf);
    Require.present("shapleyOverImages", shapleyOverImages);
    Require.atLeast(1, "block", block);
  }
}
