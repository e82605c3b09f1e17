package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A figure as data: what is to be drawn, not how. Readers draw it with what they like; {@code
 * ReportPage} of the examples module is one that draws.
 *
 * @param name short and unique in a report: lower case letters, digits and hyphens; files are named
 *     after it
 * @param title what it shows
 * @param description what a reader sees who looks at it, in words, for those who cannot
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series what is drawn, at least one with at least one point
 * @param levels horizontal lines, such as the error of the intact network
 */
public record Figure(
    String name,
    String title,
    String description,
    Axis x,
    Axis y,
    List<Series> series,
    List<Level> levels) {
  /**
   * Checks that there is something to draw.
   *
   * @param name short and unique in a report
   * @param title what it shows
   * @param description what a reader sees
   * @param x the horizontal axis
   * @param y the vertical axis
   * @param series what is drawn
   * @param levels horizontal lines
   * @throws InvalidInputException if there is no point at all, the name has other characters, a
   *     text is long or cannot be shown, or a logarithmic axis would show a number that is not
   *     positive
   */
  public Figure {
    series = List.copyOf(series);
    levels = List.copyOf(levels);
    Require.present("title", title);
    Require.present("description", description);
    Require.present("x", x);
    Require.present("y", y);
    FigureText.check(name, title, description, x, y, series, levels);
  }

  /**
   * How many paths there are of each length, but for the millionth at the ends of long networks.
   *
   * @param paths at least one
   * @param deleted how many random blocks are deleted, for a line of what is left
   * @return the figure
   * @throws InvalidInputException as {@link PathEnumerator#fractionLeft} does
   */
  public static Figure of(PathEnumerator paths, OptionalInt deleted) {
    return PathsSection.distribution(paths, deleted);
  }

  /**
   * The gradient by path length: how many paths there are (paper, figure 6a), how large it is (6b),
   * and how much of it each length carries (6c).
   *
   * @param gradients measured by length, not on a single path
   * @param mass of the effective lengths that are marked, in (0, 1]; none are where the sums cannot
   *     be trusted
   * @return the figures
   * @throws InvalidInputException if a single path was measured, or the mass is out of its range
   */
  public static List<Figure> of(PathGradients gradients, double mass) {
    return ResultFigures.of(gradients, mass);
  }

  /** {@return this figure as JSON} */
  public String toJson() {
    return JsonNode.write(Figure.class, this);
  }

  /** {@return one line for each point: series, x, y, low, high} */
  public String toCsv() {
    return FigureText.csv(this);
  }

  /**
   * An axis.
   *
   * @param label what it measures, with its unit
   * @param scale how numbers are spaced
   * @param categories names for the positions 1, 2, …; empty if the axis is one of numbers
   * @param from where it begins; where the numbers do unless given
   * @param to where it ends; what lies beyond is marked at its end, with its value. Where the
   *     numbers end unless given
   */
  @JsonForm(fields = "label scale categories? from? to?")
  public record Axis(
      String label, Scale scale, List<String> categories, OptionalDouble from, OptionalDouble to) {
    /**
     * Copies the names.
     *
     * @param label what it measures
     * @param scale how numbers are spaced
     * @param categories names for the positions
     * @param from where it begins
     * @param to where it ends
     * @throws InvalidInputException if an end is not finite, or the axis does not end above where
     *     it begins
     */
    public Axis {
      categories = List.copyOf(categories);
      Require.present("label", label);
      Require.present("scale", scale);
      from = Numbers.unsignedZero(from);
      to = Numbers.unsignedZero(to);
      FigureText.checkEnds(label, from, to);
    }

    /**
     * An axis of numbers.
     *
     * @param label what it measures, with its unit
     * @return the axis
     */
    public static Axis linear(String label) {
      return new Axis(
          label, Scale.LINEAR, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * An axis of positive numbers, spaced by their logarithms.
     *
     * @param label what it measures, with its unit
     * @return the axis
     */
    public static Axis logarithmic(String label) {
      return new Axis(
          label, Scale.LOGARITHMIC, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * An axis of names.
     *
     * @param label what they are
     * @param categories the names, at the positions 1, 2, …
     * @return the axis
     */
    public static Axis of(String label, List<String> categories) {
      return new Axis(
          label, Scale.LINEAR, categories, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * Says where the axis begins.
     *
     * @param start the number at its beginning, or a smaller one if numbers lie below
     * @return the changed copy
     */
    public Axis startingAt(double start) {
      return new Axis(label, scale, categories, OptionalDouble.of(start), to);
    }

    /**
     * Says where the axis ends.
     *
     * @param end the number at its end
     * @return the changed copy
     */
    public Axis endingAt(double end) {
      return new Axis(label, scale, categories, from, OptionalDouble.of(end));
    }
  }

  /** How numbers are spaced. */
  @JsonForm(lowerCase = true)
  public enum Scale {
    /** Evenly. */
    LINEAR,
    /** By their logarithms. */
    LOGARITHMIC
  }

  /** How the points of a series are drawn. */
  @JsonForm(lowerCase = true)
  public enum Mark {
    /** Points joined by a line. */
    LINE,
    /** Points on their own. */
    POINTS,
    /** Bars from 0. */
    BARS,
    /**
     * A box for all points of one x, from the lower to the upper quartile, with a line at the
     * median and whiskers to the outermost points within 1.5 heights of the box; those beyond on
     * their own.
     */
    BOXES
  }

  /**
   * Points that belong together.
   *
   * @param label what they are
   * @param mark how they are drawn
   * @param points in the order they are joined
   */
  public record Series(String label, Mark mark, List<Point> points) {
    /**
     * Copies the points.
     *
     * @param label what they are
     * @param mark how they are drawn
     * @param points in the order they are joined
     */
    public Series {
      points = List.copyOf(points);
      Require.present("label", label);
      Require.present("mark", mark);
    }
  }

  /**
   * A point.
   *
   * @param x finite
   * @param y finite
   * @param interval of y, where it is known
   */
  @JsonForm(plainNumbers = true, fields = "x y *interval")
  public record Point(double x, double y, Optional<Interval> interval) {
    /**
     * Checks the components.
     *
     * @param x finite
     * @param y finite
     * @param interval of y
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Point {
      Require.present("interval", interval);
      x = Numbers.unsignedZero(x);
      y = Numbers.unsignedZero(y);
    }

    /**
     * A point without an interval.
     *
     * @param x finite
     * @param y finite
     * @return the point
     */
    public static Point of(double x, double y) {
      return new Point(x, y, Optional.empty());
    }

    /**
     * A point with an interval.
     *
     * @param x finite
     * @param y the number and its interval
     * @return the point
     */
    public static Point of(double x, Estimate y) {
      return new Point(x, y.value(), Optional.of(y.interval()));
    }
  }

  /**
   * A horizontal line across the figure.
   *
   * @param label what it is
   * @param y finite
   */
  @JsonForm(plainNumbers = true)
  public record Level(String label, double y) {
    /**
     * Checks the components.
     *
     * @param label what it is
     * @param y finite
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Level {
      Require.present("label", label);
      y = Numbers.unsignedZero(y);
    }
  }
}
