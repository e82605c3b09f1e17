package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How fast the gradient decays with the length of a path: the least-squares line through the
 * logarithms of the norm of a single path, by length. A norm that is 0 or not finite is left out.
 *
 * @param slope of the natural logarithm, for each further block
 * @param r2 the coefficient of determination R², in [0, 1]; NaN if all norms are equal
 * @param lengths how many lengths the line goes through, at least 2
 */
public record GradientDecay(double slope, double r2, int lengths) {
  /**
   * Checks the components.
   *
   * @param slope of the natural logarithm
   * @param r2 the coefficient of determination R²
   * @param lengths how many lengths the line goes through
   * @throws IllegalArgumentException if a number is out of its range
   */
  public GradientDecay {
    slope = Require.finite("slope", slope);
    Require.share("r2", Double.isNaN(r2) ? 0 : r2);
    r2 = Numbers.unsignedZero(r2);
    Require.atLeast(2, "lengths", lengths);
  }

  /**
   * The confidence interval of the slope by Student's t around the line, as if the lengths' norms
   * scattered independently. One of no width where the line fits exactly.
   *
   * @param level in (0, 1)
   * @return the interval; empty if there are fewer than 3 lengths, or the line is flat
   * @throws IllegalArgumentException if the level is out of range
   */
  public Optional<Interval> slopeInterval(double level) {
    Require.level(level);
    if (lengths < 3 || !(r2 > 0)) {
      return Optional.empty();
    }
    double error = Math.abs(slope) * Math.sqrt((1 / r2 - 1) / (lengths - 2));
    double half = TDistribution.of(lengths - 2).inverseSurvivalProbability((1 - level) / 2) * error;
    return Optional.of(new Interval(slope - half, slope + half, level));
  }
}
