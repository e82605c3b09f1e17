package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Scale;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What stands at the ticks of an axis; on a logarithmic one, ticks are at the logarithms. Where
 * ticks have the same text, XChart makes them fewer; so a blank text between whole numbers keeps
 * ticks off there.
 */
final class TickLabels {
  private static final String BLANK = " ";
  private static final String OTHER_BLANK = "  ";

  /** XChart leaves out longer ones. */
  private static final int LONGEST = 20;

  private static final double LEAST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e6;
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private final Scale scale;
  private final List<String> categories;
  private final boolean whole;
  private final double middle;

  private TickLabels(Scale scale, List<String> categories, boolean whole, double middle) {
    this.scale = scale;
    this.categories = categories;
    this.whole = whole;
    this.middle = middle;
  }

  /** Of an axis with data at some positions. */
  static TickLabels of(Axis axis, Collection<Double> positions) {
    return new TickLabels(
        axis.scale(),
        distinct(axis.categories()),
        axis.scale() == Scale.LOGARITHMIC
            || (!positions.isEmpty() && positions.stream().allMatch(x -> x == Math.rint(x))),
        axis.categories().isEmpty()
            ? positions.stream().mapToDouble(x -> x).average().orElse(0)
            : (axis.categories().size() + 1) / 2.0);
  }

  String text(double value) {
    boolean between = Math.abs(value - Math.rint(value)) > 1e-6;
    if (!categories.isEmpty()) {
      int place = (int) Math.rint(value);
      boolean named = place >= 1 && place <= categories.size();
      return between ? blank(value) : named ? categories.get(place - 1) : Integer.toString(place);
    }
    if (whole && between) {
      return blank(value);
    }
    return scale == Scale.LOGARITHMIC ? power((int) Math.rint(value)) : number(value);
  }

  /** XChart wants other texts at the two ends of an axis. */
  private String blank(double value) {
    return value < middle ? BLANK : OTHER_BLANK;
  }

  private static String number(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= LEAST_PLAIN && size < LARGEST_PLAIN);
    return new DecimalFormat(
            plain ? "0.######" : "0.###E0", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(new BigDecimal(value, new MathContext(10)));
  }

  private static String power(int exponent) {
    if (Math.abs(exponent) <= 2) {
      return number(Math.pow(10, exponent));
    }
    StringBuilder text = new StringBuilder(exponent < 0 ? "10⁻" : "10");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }

  /** Short names; those that would be equal are numbered. */
  static List<String> distinct(List<String> names) {
    List<String> distinct = new ArrayList<>();
    for (String name : names) {
      String brief = brief(name.isBlank() ? "-" : name, LONGEST);
      String number = " (" + (distinct.size() + 1) + ")";
      distinct.add(
          distinct.contains(brief) ? brief(brief, LONGEST - number.length()) + number : brief);
    }
    return List.copyOf(distinct);
  }

  private static String brief(String name, int longest) {
    return name.length() <= longest ? name : name.substring(0, longest - 1).strip() + "…";
  }
}
