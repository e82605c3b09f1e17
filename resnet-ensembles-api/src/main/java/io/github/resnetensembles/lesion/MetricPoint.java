package io.github.resnetensembles.lesion;

import com.google.common.annotations.Beta;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;

/**
 * One point of a curve of a metric.
 *
 * <p>Beta: as {@link Measures}.
 *
 * @param at where it stands: k, or the mean Kendall tau
 * @param draws how many rows it is the mean of
 * @param distinct how many different lesions these rows are, or different orders of the blocks
 *     where they reorder them; at most {@code draws}
 * @param complete whether they are all lesions that there are, each once, so that nothing was drawn
 * @param mean the mean over rows and images, with its interval: over draws and images, or over
 *     images alone where the point is complete
 */
@Beta
public record MetricPoint(double at, int draws, int distinct, boolean complete, Estimate mean) {
  /**
   * Checks the components.
   *
   * @param at where it stands
   * @param draws how many rows it is the mean of
   * @param distinct how many different lesions these are
   * @param complete whether they are all that there are
   * @param mean of the metric
   * @throws IllegalArgumentException if a number is out of its range
   */
  public MetricPoint {
    Require.present("mean", mean);
    at = Require.finite("at", at);
    Require.atLeast(1, "draws", draws);
    Require.between(1, draws, "distinct", distinct);
  }

  /**
   * The interval to show beside the mean, where it can be relied on.
   *
   * @return the interval; empty where there are fewer than {@value CurvePoint#MIN_DISTINCT}
   *     different draws, unless the point is complete
   */
  public Optional<Interval> interval() {
    return complete || distinct >= CurvePoint.MIN_DISTINCT
        ? Optional.of(mean.interval())
        : Optional.empty();
  }
}
