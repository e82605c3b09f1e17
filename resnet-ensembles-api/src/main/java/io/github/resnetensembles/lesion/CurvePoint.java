package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;

/**
 * One point of a curve of error rates.
 *
 * @param at where it stands: k, or the mean Kendall tau
 * @param draws how many rows it is the mean of
 * @param errorRate the mean error rate, with its interval
 */
public record CurvePoint(double at, int draws, Estimate errorRate) {
  /**
   * Checks the components.
   *
   * @param at where it stands
   * @param draws how many rows it is the mean of
   * @param errorRate the mean error rate
   * @throws IllegalArgumentException if a number is out of its range
   */
  public CurvePoint {
    Require.present("errorRate", errorRate);
    at = Require.finite("at", at);
    Require.atLeast(1, "draws", draws);
  }
}
