package io.github.resnetensembles.statistics;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * A measured number with its uncertainty.
 *
 * @param value the number
 * @param interval its confidence interval
 */
@JsonForm(fields = "value *interval")
public record Estimate(double value, Interval interval) {
  /**
   * Checks the components.
   *
   * @param value the number
   * @param interval its confidence interval
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Estimate {
    Require.present("interval", interval);
    if (!interval.contains(value)) {
      throw new InvalidInputException(
          "an estimate lies in its interval, got " + value + " and " + interval);
    }
    value = Numbers.unsignedZero(value);
  }

  /**
   * This less another, independent estimate, with the interval that follows from both of theirs by
   * the method of variance estimates recovery (Zou and Donner 2008; for error rates, Newcombe's
   * method 10 of 1998). Where both go up and down together, as on the same images, the interval is
   * wider than needed.
   *
   * @param other of the same level
   * @return the difference
   * @throws InvalidInputException if the levels differ
   */
  public Estimate minus(Estimate other) {
    if (interval.level() != other.interval.level()) {
      throw new InvalidInputException(
          "a difference needs intervals of one level, got %s and %s"
              .formatted(interval.level(), other.interval.level()));
    }
    double difference = value - other.value;
    double below = Math.hypot(value - interval.low(), other.interval.high() - other.value);
    double above = Math.hypot(interval.high() - value, other.value - other.interval.low());
    return new Estimate(
        difference, new Interval(difference - below, difference + above, interval.level()));
  }

  /**
   * The error rate of a count, with the interval of Wilson 1927 (score interval, no continuity
   * correction). It accounts for the choice of images, not for the training of the network.
   *
   * @param wrong how many were wrong, from 0 to {@code total}
   * @param total how many there were, at least 1
   * @param level of the interval, in (0, 1)
   * @return wrong / total
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Estimate errorRate(int wrong, int total, double level) {
    Require.level(level);
    if (total < 1 || wrong < 0 || wrong > total) {
      throw new InvalidInputException(
          "an error rate is of 0 to N wrong among N images, N at least 1, got %s of %s"
              .formatted(wrong, total));
    }
    double rate = (double) wrong / total;
    var interval = BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(total, wrong, 1 - level);
    // The ends are exact where nothing or everything is wrong; elsewhere rounding may cross them.
    double low = wrong == 0 ? 0 : Math.max(0, Math.min(rate, interval.getLowerBound()));
    double high = wrong == total ? 1 : Math.min(1, Math.max(rate, interval.getUpperBound()));
    return new Estimate(rate, new Interval(low, high, level));
  }
}
