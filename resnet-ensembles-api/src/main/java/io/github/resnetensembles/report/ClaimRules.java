package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.report.Claim.Verdict;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;

/** The rules by which claims are judged, on numbers alone: {@link Claim.Kind} states them. */
final class ClaimRules {
  static final double HARDLY = 0.02;
  static final double HALF = 0.5;
  static final double LARGEST_STEP = 1.0 / 3;
  static final double LEAST_R2 = 0.95;
  static final double FEW_PATHS = 0.05;
  static final double ONE_POINT = 0.01;

  private ClaimRules() {}

  /** Whether a quantity is below a bound. */
  static Verdict below(Interval interval, double bound) {
    return interval.high() < bound
        ? Verdict.SHOWN
        : interval.low() > bound ? Verdict.NOT_SHOWN : Verdict.UNDECIDED;
  }

  static Verdict above(Interval interval, double bound) {
    return interval.low() > bound
        ? Verdict.SHOWN
        : interval.high() < bound ? Verdict.NOT_SHOWN : Verdict.UNDECIDED;
  }

  /** Whether a difference lies within a distance of 0. */
  static Verdict within(Interval interval, double distance) {
    return interval.low() >= -distance && interval.high() <= distance
        ? Verdict.SHOWN
        : interval.low() > distance || interval.high() < -distance
            ? Verdict.NOT_SHOWN
            : Verdict.UNDECIDED;
  }

  /**
   * Whether a curve rises smoothly.
   *
   * @param intact where it begins
   * @param points in the order of growing damage
   * @param room between the intact network's error rate and that of chance
   */
  static Verdict smooth(Estimate intact, List<CurvePoint> points, double room) {
    boolean shown = true;
    double highestLow = intact.interval().low();
    Estimate before = intact;
    for (CurvePoint point : points) {
      Interval interval = point.errorRate().interval();
      Interval step = point.errorRate().minus(before).interval();
      if (interval.high() < highestLow || step.low() > LARGEST_STEP * room) {
        return Verdict.NOT_SHOWN;
      }
      shown &= step.high() <= LARGEST_STEP * room;
      highestLow = Math.max(highestLow, interval.low());
      before = point.errorRate();
    }
    boolean rises = before.interval().low() > intact.interval().high();
    return shown && rises ? Verdict.SHOWN : Verdict.UNDECIDED;
  }

  /** Whether a logarithm falls along a line. */
  static Verdict exponential(Interval slope, double r2) {
    if (slope.low() > 0 || r2 <= LEAST_R2) {
      return Verdict.NOT_SHOWN;
    }
    return slope.high() < 0 ? Verdict.SHOWN : Verdict.UNDECIDED;
  }

  static Verdict few(double pathShare) {
    return pathShare < FEW_PATHS ? Verdict.SHOWN : Verdict.NOT_SHOWN;
  }
}
