package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;

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
}
