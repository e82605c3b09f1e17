package io.github.resnetensembles.report;

import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;

/** How texts say numbers. */
final class Say {
  private static final MathContext WITHOUT_NOISE = new MathContext(12);

  private Say() {}

  /** A rate in percent, without the noise of the multiplication. */
  static double toPercent(double rate) {
    return new BigDecimal(100 * rate).round(WITHOUT_NOISE).doubleValue();
  }

  @FormatMethod
  static String format(String format, Object... values) {
    return Numbers.format(format, values);
  }

  /** A rate in percent; one that is not 0 does not look like it. */
  static String percent(double rate) {
    double percent = 100 * rate;
    return format(percent != 0 && Math.abs(percent) < 0.005 ? "%.1g %%" : "%.2f %%", percent);
  }

  static String percent(Estimate rate) {
    return percent(rate.value()) + " " + percent(rate.interval());
  }

  static String percent(Interval rates) {
    return format("[%.2f, %.2f]", 100 * rates.low(), 100 * rates.high());
  }

  /** A difference of two rates. */
  static String points(double difference) {
    return format("%+.2f", 100 * difference);
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.valueOf((long) value)
        : format("%.4g", value);
  }

  static String number(Estimate value) {
    return format(
        "%.3f [%.3f, %.3f]", value.value(), value.interval().low(), value.interval().high());
  }

  static String number(BigInteger value) {
    return value.bitLength() < 64
        ? value.toString()
        : "about " + format("%.3e", new BigDecimal(value));
  }

  static String pValue(double p) {
    return p < 1e-4 ? "p < 0.0001" : format("p = %.4f", p);
  }

  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** "4", "4 and 7", "1, 19 and 37". */
  static String list(Collection<?> items) {
    List<String> texts = items.stream().map(String::valueOf).toList();
    int last = texts.size() - 1;
    return last < 1
        ? String.join("", texts)
        : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
  }

  static String blocks(Collection<Integer> numbers) {
    return (numbers.size() == 1 ? "block " : "blocks ") + list(numbers);
  }
}
