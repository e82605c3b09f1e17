package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Scale;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What an axis shows, and its ticks.
 *
 * @param scale how numbers are spaced
 * @param from the lower end
 * @param to the upper end
 */
record AxisScale(Scale scale, double from, double to) {
  private static final double MARGIN = 0.04;

  /** A scale that begins at 0 is honest; unless all would lie in its upper half. */
  private static final double FAR_FROM_ZERO = 0.5;

  private static final double LEAST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e6;
  private static final int[] STEPS = {1, 2, 5};
  private static final int[] ONE = {1};
  private static final double FEW_DECADES = 2;
  private static final int MOST_TICKS = 100;
  private static final int LONGEST_NAME = 20;
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /**
   * A number or name at an axis.
   *
   * @param at where it stands
   * @param label what is written there
   */
  record Tick(double at, String label) {}

  /** The horizontal axis, with some room beside the outer points. */
  static AxisScale across(Axis axis, double least, double largest, double room) {
    if (!axis.categories().isEmpty()) {
      return new AxisScale(Scale.LINEAR, 0.4, axis.categories().size() + 0.6);
    }
    return ending(
        axis,
        axis.scale() == Scale.LOGARITHMIC
            ? logarithmic(least, largest)
            : widened(least - room, largest + room, true, true));
  }

  /** With the ends that an axis is given. */
  private static AxisScale ending(Axis axis, AxisScale scale) {
    double from = Math.min(axis.from().orElse(scale.from()), scale.from());
    double to = axis.to().orElse(scale.to());
    return new AxisScale(scale.scale(), from, to > from ? to : scale.to());
  }

  /** The vertical axis. */
  static AxisScale up(Axis axis, double least, double largest, boolean bars) {
    if (axis.scale() == Scale.LOGARITHMIC) {
      return ending(axis, logarithmic(least, largest));
    }
    boolean zero = bars || (least >= 0 && least <= FAR_FROM_ZERO * largest);
    double from = axis.from().orElse(0);
    return ending(
        axis,
        zero || axis.from().isPresent()
            ? widened(Math.min(from, least), Math.max(from, largest), least < from, largest > from)
            : widened(least, largest, true, true));
  }

  private static AxisScale widened(double from, double to, boolean below, boolean above) {
    double size = from == to ? Math.max(1, Math.abs(from)) : to - from;
    return new AxisScale(
        Scale.LINEAR,
        below || (from == to && from != 0) ? from - size * MARGIN : from,
        above || from == to ? to + size * MARGIN : to);
  }

  /**
   * Both ends are at ticks: powers of 10, or if there are few of them also twice and five times.
   */
  private static AxisScale logarithmic(double least, double largest) {
    double decades = Math.log10(largest) - Math.log10(least);
    List<Double> ends =
        powers(least, largest, decades <= FEW_DECADES ? STEPS : ONE, 1).stream()
            .map(Tick::at)
            .toList();
    double from = ends.stream().filter(end -> end <= least).reduce(least, (a, b) -> b);
    double to =
        ends.stream().filter(end -> end >= largest && end > from).findFirst().orElse(largest);
    return new AxisScale(Scale.LOGARITHMIC, from, to);
  }

  /** Where a number stands, from 0 to 1. */
  double place(double value) {
    return scale == Scale.LOGARITHMIC
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** Names in the places 1, 2, …, short where there is no room for as many letters. */
  static List<Tick> names(List<String> categories, int letters) {
    int longest = Math.max(LONGEST_NAME, letters);
    List<String> names = new ArrayList<>();
    for (String name : categories) {
      String brief = brief(name.isBlank() ? "-" : name, longest);
      String number = " (" + (names.size() + 1) + ")";
      names.add(names.contains(brief) ? brief(brief, longest - number.length()) + number : brief);
    }
    return IntStream.range(0, names.size()).mapToObj(i -> new Tick(i + 1, names.get(i))).toList();
  }

  private static String brief(String name, int longest) {
    return name.codePointCount(0, name.length()) <= longest
        ? name
        : name.substring(0, name.offsetByCodePoints(0, longest - 1)).strip() + "…";
  }

  /**
   * As many ticks as there is room for.
   *
   * @param whole whether the axis counts
   * @param pixels the length of the axis
   * @param room what a label needs of it
   */
  List<Tick> ticks(boolean whole, double pixels, ToDoubleFunction<String> room) {
    if (!Double.isFinite(to - from)) {
      return List.of();
    }
    for (int sparse = 0; ; sparse++) {
      List<Tick> ticks =
          (scale == Scale.LOGARITHMIC ? powers(sparse) : multiples(sparse, whole))
              .stream().filter(tick -> tick.at() >= from && tick.at() <= to).toList();
      if (ticks.size() <= 2 || fit(ticks, pixels, room)) {
        return ticks;
      }
    }
  }

  private boolean fit(List<Tick> ticks, double pixels, ToDoubleFunction<String> room) {
    return IntStream.range(1, ticks.size())
        .allMatch(
            i -> {
              Tick before = ticks.get(i - 1);
              Tick after = ticks.get(i);
              double needed =
                  (room.applyAsDouble(before.label()) + room.applyAsDouble(after.label())) / 2;
              return (place(after.at()) - place(before.at())) * pixels >= needed;
            });
  }

  private List<Tick> multiples(int sparse, boolean whole) {
    int least = (int) Math.floor(Math.log10((to - from) / MOST_TICKS));
    int exponent = whole ? Math.max(0, least) : least;
    BigDecimal step =
        BigDecimal.valueOf(STEPS[sparse % STEPS.length])
            .scaleByPowerOfTen(exponent + sparse / STEPS.length);
    List<Tick> ticks = new ArrayList<>();
    double size = step.doubleValue();
    for (long i = (long) Math.floor(from / size); i <= Math.ceil(to / size); i++) {
      double at = step.multiply(BigDecimal.valueOf(i)).doubleValue();
      ticks.add(new Tick(at, number(at)));
    }
    return ticks;
  }

  private List<Tick> powers(int sparse) {
    boolean few = Math.log10(to) - Math.log10(from) <= FEW_DECADES + 1e-9;
    return few && sparse == 0
        ? powers(from, to, STEPS, 1)
        : powers(from, to, ONE, Math.max(1, sparse));
  }

  /** Some multiples of powers of 10, up to beyond the ends. */
  private static List<Tick> powers(double from, double to, int[] multiples, int every) {
    List<Tick> ticks = new ArrayList<>();
    int last = (int) Math.ceil(Math.log10(to)) + 1;
    for (int exponent = (int) Math.floor(Math.log10(from)); exponent <= last; exponent++) {
      for (int multiple : multiples) {
        double at = BigDecimal.valueOf(multiple).scaleByPowerOfTen(exponent).doubleValue();
        if (exponent % every == 0 && at > 0) {
          ticks.add(new Tick(at, Math.abs(exponent) <= 2 ? number(at) : power(multiple, exponent)));
        }
      }
    }
    return ticks;
  }

  private static String number(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= LEAST_PLAIN && size < LARGEST_PLAIN);
    return new DecimalFormat(
            plain ? "0.######" : "0.###E0", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(new BigDecimal(value, new MathContext(10)));
  }

  /** A number beside a mark, to two digits. */
  static String brief(double value) {
    return number(
        value == Math.rint(value) && Math.abs(value) < LARGEST_PLAIN
            ? value
            : new BigDecimal(value, new MathContext(2)).doubleValue());
  }

  private static String power(int multiple, int exponent) {
    StringBuilder text = new StringBuilder(multiple == 1 ? "" : multiple + "·").append("10");
    for (char digit : Integer.toString(exponent).toCharArray()) {
      text.append(digit == '-' ? '⁻' : SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }
}
