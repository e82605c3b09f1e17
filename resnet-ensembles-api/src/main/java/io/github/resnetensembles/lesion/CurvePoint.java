package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;

/**
 * One point of a curve of error rates.
 *
 * @param at where it stands: k, or the mean Kendall tau
 * @param draws how many rows it is the mean of
 * @param distinct how many different lesions these rows are, or different orders of the blocks
 *     where they reorder them; at most {@code draws}
 * @param complete whether they are all lesions that there are, each once, so that nothing was drawn
 * @param errorRate the mean error rate, with its interval: over draws and images, or over images
 *     alone where the point is complete
 */
public record CurvePoint(double at, int draws, int distinct, boolean complete, Estimate errorRate) {
  /** So many different draws an interval over draws takes at least. */
  public static final int MIN_DISTINCT = 10;

  /**
   * Checks the components.
   *
   * @param at where it stands
   * @param draws how many rows it is the mean of
   * @param distinct how many different lesions these are
   * @param complete whether they are all that there are
   * @param errorRate the mean error rate
   * @throws IllegalArgumentException if a number is out of its range
   */
  public CurvePoint {
    Require.present("errorRate", errorRate);
    at = Require.finite("at", at);
    Require.atLeast(1, "draws", draws);
    Require.between(1, draws, "distinct", distinct);
  }

  /**
   * The interval to show beside the mean: that of {@link #errorRate}, where it can be relied on.
   *
   * @return the interval; empty where there are fewer than {@value #MIN_DISTINCT} different draws,
   *     which say too little of the draws that were not made, unless the point is complete
   */
  public Optional<Interval> interval() {
    return complete || distinct >= MIN_DISTINCT
        ? Optional.of(errorRate.interval())
        : Optional.empty();
  }
}
