package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.report.Claim.Verdict;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
    double highestLow = intact.interval().low();
    for (Step step : steps(intact, points)) {
      Interval interval = step.to().errorRate().interval();
      if (interval.high() < highestLow || step.interval().low() > LARGEST_STEP * room) {
        return Verdict.NOT_SHOWN;
      }
      highestLow = Math.max(highestLow, interval.low());
    }
    Interval last = points.get(points.size() - 1).errorRate().interval();
    boolean rises = last.low() > intact.interval().high();
    return rises && doubtful(intact, points, room).isEmpty() ? Verdict.SHOWN : Verdict.UNDECIDED;
  }

  /** From the point before, or from the intact network. */
  record Step(CurvePoint to, Interval interval) {}

  private static List<Step> steps(Estimate intact, List<CurvePoint> points) {
    List<Step> steps = new ArrayList<>();
    Estimate before = intact;
    for (CurvePoint point : points) {
      steps.add(new Step(point, point.errorRate().minus(before).interval()));
      before = point.errorRate();
    }
    return steps;
  }

  /** The step that may be the largest, if it may be too large. */
  static Optional<Step> doubtful(Estimate intact, List<CurvePoint> points, double room) {
    return steps(intact, points).stream()
        .filter(step -> step.interval().high() > LARGEST_STEP * room)
        .max(Comparator.comparingDouble(step -> step.interval().high()));
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
