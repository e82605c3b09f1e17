package io.github.resnetensembles.statistics;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;

/**
 * A confidence interval, ends included.
 *
 * @param low the lower end
 * @param high the upper end, at least {@code low}
 * @param level how often such an interval covers the true value, in (0, 1): 0.95, say
 */
@JsonForm(fields = "low high")
public record Interval(double low, double high, double level) {
  /** The level that intervals have unless told otherwise: 0.95. */
  public static final double DEFAULT_LEVEL = 0.95;

  /**
   * Checks the ends and the level.
   *
   * @param low the lower end
   * @param high the upper end
   * @param level how often such an interval covers the true value
   * @throws IllegalArgumentException if the ends are no numbers or in the wrong order, or the level
   *     is not in (0, 1)
   */
  public Interval {
    if (!(low <= high)) {
      throw new InvalidInputException(
          "an interval goes from its lower end to its higher one, got " + low + " and " + high);
    }
    Require.level(level);
    low = Numbers.unsignedZero(low);
    high = Numbers.unsignedZero(high);
  }

  /** {@return the higher end minus the lower one} */
  public double width() {
    return high - low;
  }

  /**
   * Tells whether a value lies in this interval.
   *
   * @param value any number
   * @return whether it does; an end does, NaN does not
   */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /**
   * Tells whether two intervals have a point in common.
   *
   * @param other another interval
   * @return whether they do
   */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }

  @Override
  public String toString() {
    return Numbers.format("[%.6g, %.6g] at %.4g", low, high, level);
  }
}
