package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Points of figures whose axis is in percent. */
final class Points {
  static final String ERROR = "error (%)";

  private Points() {}

  static Point percent(double x, double rate) {
    return Point.of(x, Say.toPercent(rate));
  }

  static Point percent(double x, Estimate rate) {
    return new Point(x, Say.toPercent(rate.value()), Optional.of(percent(rate.interval())));
  }

  static Interval percent(Interval rates) {
    return new Interval(Say.toPercent(rates.low()), Say.toPercent(rates.high()), rates.level());
  }

  static Level intact(String label, double errorRate) {
    return new Level(label + ", intact", Say.toPercent(errorRate));
  }

  /** The error of guessing. */
  static Level chance(LesionReport report) {
    int classes = report.provenance().architecture().head().classes();
    return new Level("chance", Say.toPercent(1 - 1.0 / classes));
  }

  /** Chance, and the intact error of each network, of which studies of one network share a line. */
  static List<Level> intact(List<? extends LabelledStudy> studies) {
    List<Level> levels = new ArrayList<>();
    studies.stream().limit(1).forEach(study -> levels.add(chance(study.report())));
    for (LabelledStudy study : studies) {
      Level level = intact(study.label(), study.report().baseline().errorRate());
      if (levels.stream().noneMatch(other -> other.y() == level.y())) {
        levels.add(level);
      }
    }
    return levels;
  }
}
