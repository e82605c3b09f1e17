package io.github.resnetensembles.internal;

import com.google.errorprone.annotations.FormatMethod;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in texts, the same in every locale. */
public final class Numbers {
  private static final Pattern CONVERSION =
      Pattern.compile("%[-#+ 0,(]*\\d*(?:\\.\\d+)?([a-zA-Z%])");
  private static final Pattern DIGIT_ABOVE_ZERO = Pattern.compile("[1-9]");

  private Numbers() {}

  /** The same number, but 0 in place of minus 0, which no result has. */
  public static double unsignedZero(double value) {
    return value == 0 ? 0.0 : value;
  }

  public static OptionalDouble unsignedZero(OptionalDouble value) {
    return value.isPresent() && value.getAsDouble() == 0 ? OptionalDouble.of(0) : value;
  }

  /** An unmodifiable copy. */
  public static List<Double> unsignedZeros(List<Double> values) {
    return values.stream().map(Numbers::unsignedZero).toList();
  }

  /** As {@link String#format}, but what rounds to 0 has no minus sign. */
  @FormatMethod
  public static String format(String format, Object... values) {
    Object[] shown = values.clone();
    Matcher conversions = CONVERSION.matcher(format);
    int next = 0;
    while (conversions.find()) {
      String kind = conversions.group(1);
      if (kind.equals("%") || kind.equals("n")) {
        continue;
      }
      if (shown[next] instanceof Double number && looksLikeMinusZero(conversions.group(), number)) {
        shown[next] = 0.0;
      }
      next++;
    }
    return String.format(Locale.ROOT, format, shown);
  }

  private static boolean looksLikeMinusZero(String conversion, Double number) {
    return Double.isFinite(number)
        && Math.copySign(1, number) < 0
        && !DIGIT_ABOVE_ZERO.matcher(String.format(Locale.ROOT, conversion, number)).find();
  }

  /** A number in full, an integer without a fraction. */
  public static BigDecimal plain(double value) {
    return new BigDecimal(plainText(value));
  }

  /** The same as a text. */
  public static String plainText(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  /** A ratio to something that is not negative; nothing of nothing is nothing. */
  public static double ratio(double part, double whole) {
    return part == 0 && whole == 0 ? 0 : part / whole;
  }
}
