package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Cells of tables. */
final class Cells {
  static final Cell NONE = Cell.of("–");

  private Cells() {}

  static Cell words(String text) {
    return Cell.of(text);
  }

  static Cell integer(long value) {
    return Cell.of((double) value, String.valueOf(value));
  }

  static Cell number(double value) {
    return Double.isFinite(value) ? Cell.of(value, Say.number(value)) : NONE;
  }

  static Cell number(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : NONE;
  }

  /** A p-value; of those that are told by their bound, that. */
  static Cell probability(double value) {
    return value <= PairedTest.SMALLEST_P
        ? Cell.of(PairedTest.SMALLEST_P, Say.format("< %.0e", PairedTest.SMALLEST_P))
        : Cell.of(value, Say.format("%.3g", value));
  }

  /** A rate, in percent. */
  static Cell percent(double rate) {
    return Double.isFinite(rate)
        ? Cell.of(Say.toPercent(rate), Say.format("%.2f", 100 * rate))
        : NONE;
  }

  /** A difference of rates, in percentage points. */
  static Cell points(double difference) {
    return Cell.of(Say.toPercent(difference), Say.points(difference));
  }

  /** A rate and the ends of its interval. */
  static List<Cell> percents(Estimate rate) {
    return List.of(
        percent(rate.value()), percent(rate.interval().low()), percent(rate.interval().high()));
  }

  /** A rate and the ends of its interval, if it has one. */
  static List<Cell> percents(double rate, Optional<Interval> interval) {
    return List.of(
        percent(rate),
        interval.map(ends -> percent(ends.low())).orElse(NONE),
        interval.map(ends -> percent(ends.high())).orElse(NONE));
  }
}
