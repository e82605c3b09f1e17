package io.github.resnetensembles.report;

import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.descriptive.Median;

/** Points of figures whose axis is in percent. */
final class Points {
  static final String ERROR = "error (%)";

  /** Of the typical error: where an axis ends if few points lie beyond. */
  private static final int CUT = 50;

  /** Of all points: as many are exceptions, which need not be drawn to scale. */
  private static final double EXCEPTIONS = 0.2;

  private Points() {}

  /** Errors from 0. */
  static Axis errorAxis() {
    return Axis.linear(ERROR).startingAt(0);
  }

  /**
   * Errors from 0, of which a few are far above the others. It ends at fifty times the median, or,
   * where that is 0, of the least error above it, if some points lie beyond, but not more than a
   * fifth of them.
   */
  static Axis cutErrorAxis(List<Series> series) {
    double[] errors =
        series.stream().flatMap(one -> one.points().stream()).mapToDouble(Point::y).toArray();
    double median = Median.withDefaults().evaluate(errors);
    double least = Arrays.stream(errors).filter(error -> error > 0).min().orElse(1);
    double end = CUT * (median > 0 ? median : least);
    long beyond = Arrays.stream(errors).filter(error -> error > end).count();
    return beyond == 0 || beyond > EXCEPTIONS * errors.length
        ? errorAxis()
        : errorAxis().endingAt(end);
  }

  /** Says in a figure's title where its axis is cut. */
  static String title(String title, Axis errors) {
    return errors.to().isEmpty()
        ? title
        : "%s; cut at %s %%, %s times the median"
            .formatted(title, Say.number(errors.to().getAsDouble()), CUT);
  }

  static Point percent(double x, double rate) {
    return Point.of(x, Say.toPercent(rate));
  }

  static Point percent(double x, Estimate rate) {
    return new Point(x, Say.toPercent(rate.value()), Optional.of(percent(rate.interval())));
  }

  static Interval percent(Interval rates) {
    return new Interval(Say.toPercent(rates.low()), Say.toPercent(rates.high()), rates.level());
  }

  /** What boxes of draws show besides the draws. */
  static String boxes(List<? extends LabelledStudy> studies) {
    return String.join(
        " ",
        studies.stream()
            .map(
                study ->
                    "%s: each draw on %s, whose choice widens the boxes."
                        .formatted(
                            study.label(), Say.count(study.report().baseline().total(), "image")))
            .toList());
  }

  static Level intact(String label, double errorRate) {
    return new Level(label + ", intact", Say.toPercent(errorRate));
  }

  /** The error of guessing. */
  static Level chance(Provenance provenance) {
    return new Level("chance", Say.toPercent(NetworkResults.chance(provenance)));
  }

  /** Chance, and the intact error of each network, of which studies of one network share a line. */
  static List<Level> intact(List<? extends LabelledStudy> studies) {
    List<Level> levels = new ArrayList<>();
    studies.stream().limit(1).forEach(study -> levels.add(chance(study.report().provenance())));
    for (LabelledStudy study : studies) {
      Level level = intact(study.label(), study.report().baseline().errorRate());
      if (levels.stream().noneMatch(other -> other.y() == level.y())) {
        levels.add(level);
      }
    }
    return levels;
  }
}
