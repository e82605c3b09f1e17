package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.Figure.Axis;
import io.github.resnetensembles.Figure.Scale;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What stands at the ticks of an axis. Where ticks have the same text, XChart makes them fewer; so a
 * blank text between whole numbers keeps ticks off there.
 */
final class TickLabels {
  private static final String BLANK = " ";
  private static final int LONGEST = 24;
  private static final double LEAST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e6;
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private final Scale scale;
  private final List<String> categories;
  private final boolean whole;

  private TickLabels(Scale scale, List<String> categories, boolean whole) {
    this.scale = scale;
    this.categories = categories;
    this.whole = whole;
  }

  /** Of an axis with data at some positions. */
  static TickLabels of(Axis axis, Collection<Double> positions) {
    return new TickLabels(
        axis.scale(),
        distinct(axis.categories()),
        !positions.isEmpty() && positions.stream().allMatch(x -> x == Math.rint(x)));
  }

  String text(double value) {
    boolean between = Math.abs(value - Math.rint(value)) > 1e-6;
    if (!categories.isEmpty()) {
      int place = (int) Math.rint(value);
      boolean named = place >= 1 && place <= categories.size();
      return between ? BLANK : named ? categories.get(place - 1) : BLANK.repeat(2 + Math.abs(place));
    }
    if (scale == Scale.LOGARITHMIC) {
      return power(value);
    }
    return whole && between ? BLANK : number(value);
  }

  private static String number(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= LEAST_PLAIN && size < LARGEST_PLAIN);
    return new DecimalFormat(
            plain ? "0.######" : "0.###E0", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(new BigDecimal(value, new MathContext(10)));
  }

  private static String power(double value) {
    double exponent = Math.log10(value);
    int whole = (int) Math.rint(exponent);
    if (Math.abs(exponent - whole) > 1e-6 || Math.abs(whole) <= 2) {
      return number(value);
    }
    StringBuilder text = new StringBuilder(whole < 0 ? "10⁻" : "10");
    for (char digit : Integer.toString(Math.abs(whole)).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }

  /** Short names; equal ones differ by spaces that nobody sees. */
  static List<String> distinct(List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(
            i -> {
              String name = names.get(i).isBlank() ? "-" : names.get(i);
              String brief =
                  name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
              boolean taken = names.indexOf(names.get(i)) < i || name.length() > LONGEST;
              return taken ? brief + BLANK.repeat(i) : brief;
            })
        .toList();
  }
}
