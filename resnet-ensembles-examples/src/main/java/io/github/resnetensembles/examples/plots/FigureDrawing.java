package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.github.resnetensembles.examples.plots.AxisScale.Tick;
import io.github.resnetensembles.examples.plots.Svg.Path;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Quantile;

/** A figure as SVG, in which text is text and a title and a description stand for the picture. */
final class FigureDrawing {
  static final String FONTS =
      "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif";

  private static final int MOST_MARKERS = 120;

  /** Of the distance between two positions: the bars that stand at one. */
  private static final double GROUP_WIDTH = 0.8;

  /** Of the size of letters: the width of a wide one. */
  private static final double WIDE_LETTER = 0.75;

  private static final double BAND_OPACITY = 0.24;
  private static final double LINE = 2;
  private static final double THIN_LINE = 1.2;
  private static final int TICK = 4;
  private static final int GAP = 6;
  private static final int KEY_WIDTH = 36;

  /** So many series are named where they end; more are in a legend. */
  private static final int MOST_DIRECT = 3;

  /** Of the width: the room for names at the right. */
  private static final double DIRECT_WIDTH = 0.28;

  /** Of the distance between two positions: half a box. */
  private static final double HALF_BOX = 0.36;

  private static final int WIDEST_HALF_BOX = 12;
  private static final int MOST_ROWS = 6;
  private static final String CLIP = "-clip";

  private final Figure figure;
  private final String prefix;
  private final FigureSize size;
  private final Svg svg;
  private final List<Series> bars;
  private final double spacing;
  private final double last;
  private final AxisScale across;
  private final AxisScale up;
  private final List<Tick> ticksAcross;
  private final List<Tick> ticksUp;
  private final boolean upwardNames;
  private final List<String> title;
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;
  private final double axisLabel;
  private final List<Beyond> beyond;
  private final List<Key> legend;
  private final int height;

  /** What the legend says of a series or level. */
  private record Key(double x, double y, List<String> lines) {}

  /**
   * A point that lies beyond the upper end of the axis.
   *
   * @param row of its text above the plot, from the plot; negative if there is no room for one
   */
  private record Beyond(int series, double x, double center, String text, int row) {}

  private FigureDrawing(Figure figure, FigureSize size, Svg svg, String prefix) {
    this.figure = figure;
    this.prefix = prefix;
    this.size = size;
    this.svg = svg;
    this.bars =
        figure.series().stream()
            .filter(series -> series.mark() == Mark.BARS || series.mark() == Mark.BOXES)
            .toList();
    TreeSet<Double> positions = new TreeSet<>();
    points().forEach(point -> positions.add(point.x()));
    this.spacing = figure.x().categories().isEmpty() ? leastDistance(positions) : 1;
    this.last = positions.last();
    DoubleSummaryStatistics heights =
        DoubleStream.concat(
                points()
                    .flatMapToDouble(point -> DoubleStream.of(point.y(), low(point), high(point))),
                figure.levels().stream().mapToDouble(Level::y))
            .summaryStatistics();
    this.across =
        AxisScale.across(
            figure.x(), positions.first(), positions.last(), bars.isEmpty() ? 0 : spacing / 2);
    this.up = AxisScale.up(figure.y(), heights.getMin(), heights.getMax(), !bars.isEmpty());
    this.ticksUp = up.ticks(false, size.plotHeight(), label -> 2.5 * size.letters());
    this.title =
        size.titled()
            ? FigureSize.lines(figure.title(), size.large(), 0.9 * size.width())
            : List.of();
    List<List<String>> names = direct();
    this.left = size.lineHeight() + widest(ticksUp) + TICK + 2 * GAP;
    this.right =
        size.width()
            - (names.isEmpty()
                ? 1.5 * size.letters()
                : KEY_WIDTH
                    + 2 * GAP
                    + names.stream().mapToDouble(this::widestLine).max().orElse(0));
    this.beyond = beyond();
    int rows = 1 + beyond.stream().mapToInt(Beyond::row).max().orElse(-1);
    this.top =
        size.letters()
            + (title.isEmpty() ? 0 : (title.size() + 0.5) * titleHeight())
            + rows * size.lineHeight();
    this.bottom = top + size.plotHeight();
    double slot = (across.place(1) - across.place(0)) * (right - left);
    List<Tick> categories =
        AxisScale.names(figure.x().categories(), (int) (slot / (WIDE_LETTER * size.small())));
    this.upwardNames = !categories.isEmpty() && widest(categories) + GAP > slot;
    this.ticksAcross =
        categories.isEmpty()
            ? numbersAcross(positions)
            : every(upwardNames ? (int) Math.ceil(size.lineHeight() / slot) : 1, categories);
    this.axisLabel =
        bottom + TICK + GAP + (upwardNames ? widest(categories) : size.small()) + size.lineHeight();
    this.legend = names.isEmpty() ? legend(axisLabel + 1.5 * size.lineHeight()) : besideEnds(names);
    Key lowest = Collections.max(legend, Comparator.comparingDouble(this::below));
    this.height = (int) Math.ceil(Math.max(below(lowest), axisLabel + size.letters()));
  }

  /**
   * An element of a page. Every colour is a CSS variable.
   *
   * @param prefix begins the ids inside
   */
  static String element(Figure figure, FigureSize size, String prefix) {
    Svg svg = new Svg(true);
    new FigureDrawing(figure, size, svg, prefix).draw(0);
    return svg.toString();
  }

  /** A file of its own, with figures one below the other. */
  static String file(List<Figure> figures) {
    Svg svg = new Svg(false);
    List<FigureDrawing> drawings =
        figures.stream()
            .map(figure -> new FigureDrawing(figure, FigureSize.FILE, svg, figure.name()))
            .toList();
    int height = drawings.stream().mapToInt(drawing -> drawing.height).sum();
    svg.root(FigureSize.FILE.width(), height);
    svg.element("rect", "width", FigureSize.FILE.width(), "height", height, "fill", "#ffffff");
    int y = 0;
    for (FigureDrawing drawing : drawings) {
      drawing.draw(y);
      y += drawing.height;
    }
    svg.close("svg");
    return svg.toString();
  }

  private void draw(int y) {
    svg.root(
        size.width(),
        height,
        "y",
        y,
        "role",
        "img",
        "aria-labelledby",
        prefix + "-title " + prefix + "-description",
        "data-sha256",
        Hashing.sha256().hashString(figure.toJson(), UTF_8),
        "font-family",
        FONTS,
        "fill",
        Look.INK);
    svg.text("title", figure.title(), "id", prefix + "-title");
    svg.text("desc", figure.description(), "id", prefix + "-description");
    for (int i = 0; i < title.size(); i++) {
      double line = size.letters() / 2.0 + (i + 1) * titleHeight();
      text(title.get(i), size.width() / 2.0, line, size.large(), "middle");
    }
    if (figure.y().to().isPresent()) {
      svg.open("clipPath", "id", prefix + CLIP);
      svg.element(
          "rect", "x", left, "y", top, "width", right - left, "height", bottom - top + TICK);
      svg.close("clipPath");
    }
    drawAxes();
    for (int i = 0; i < figure.series().size(); i++) {
      if (figure.series().get(i).mark() == Mark.BARS) {
        drawBars(figure.series().get(i), i);
      } else if (figure.series().get(i).mark() == Mark.BOXES) {
        drawBoxes(figure.series().get(i), i);
      }
    }
    for (int i = 0; i < figure.series().size(); i++) {
      drawIntervals(figure.series().get(i), i);
    }
    for (int i = 0; i < figure.series().size(); i++) {
      if (!bars.contains(figure.series().get(i))) {
        drawPoints(figure.series().get(i), i);
      }
    }
    for (int i = 0; i < figure.levels().size(); i++) {
      if (figure.levels().get(i).y() <= up.to()) {
        drawLevel(i, left, right, y(figure.levels().get(i).y()));
      }
    }
    beyond.forEach(this::drawBeyond);
    drawLegend();
    svg.close("svg");
  }

  private void drawAxes() {
    Path grid = new Path();
    Path axes = new Path().line(left, top, left, bottom, right, bottom);
    for (Tick tick : ticksUp) {
      double y = y(tick.at());
      grid.line(left, y, right, y);
      axes.line(left - TICK, y, left, y);
      text(tick.label(), left - TICK - GAP, middle(y), size.small(), "end");
    }
    for (Tick tick : ticksAcross) {
      double x = x(tick.at());
      axes.line(x, bottom, x, bottom + TICK);
      double below = bottom + TICK + GAP;
      if (upwardNames) {
        upward(tick.label(), middle(x), below, size.small(), "end");
      } else {
        text(tick.label(), x, below + size.small(), size.small(), "middle");
      }
    }
    line(grid, Look.GRID, THIN_LINE);
    line(axes, Look.AXIS, THIN_LINE);
    if (up.from() < 0 && up.to() > 0) {
      line(new Path().line(left, y(0), right, y(0)), Look.AXIS, THIN_LINE);
    }
    int letters =
        Math.min(
            FigureSize.letters(figure.x().label(), size.letters(), right - left),
            FigureSize.letters(figure.y().label(), size.letters(), bottom - top));
    String label = FigureSize.fitting(figure.x().label(), letters, right - left);
    text(label, (left + right) / 2, axisLabel, letters, "middle");
    label = FigureSize.fitting(figure.y().label(), letters, bottom - top);
    upward(label, size.lineHeight() - GAP / 2.0, (top + bottom) / 2, letters, "middle");
  }

  /** Bars of several series stand side by side. */
  private void drawBars(Series series, int index) {
    Path shapes = new Path();
    double half = barWidth() / 2;
    double zero = y(Math.max(0, up.from()));
    for (Point point : series.points()) {
      double x = position(series, point);
      double y = y(point.y());
      shapes.polygon(x - half, zero, x - half, y, x + half, y, x + half, zero);
    }
    bar(shapes, index);
  }

  /** A box of the quartiles for all points of one position, as Tukey drew them. */
  private void drawBoxes(Series series, int index) {
    Path boxes = new Path();
    Path whiskers = new Path();
    Path medians = new Path();
    Path outliers = new Path();
    double half = Math.min(WIDEST_HALF_BOX, HALF_BOX / GROUP_WIDTH * barWidth());
    Map<Double, List<Point>> byPosition =
        series.points().stream()
            .collect(Collectors.groupingBy(Point::x, TreeMap::new, Collectors.toList()));
    for (List<Point> points : byPosition.values()) {
      double x = position(series, points.get(0));
      double[] values = points.stream().mapToDouble(Point::y).sorted().toArray();
      double[] quartiles = Quantile.withDefaults().evaluate(values, 0.25, 0.5, 0.75);
      double reach = 1.5 * (quartiles[2] - quartiles[0]);
      double[] within =
          DoubleStream.of(values)
              .filter(value -> value >= quartiles[0] - reach && value <= quartiles[2] + reach)
              .toArray();
      double lower = y(quartiles[0]);
      double upper = y(quartiles[2]);
      double lowest = y(within[0]);
      double highest = y(within[within.length - 1]);
      boxes.polygon(x - half, lower, x - half, upper, x + half, upper, x + half, lower);
      whiskers.line(x, lower, x, lowest).line(x, upper, x, highest);
      whiskers.line(x - half / 2, lowest, x + half / 2, lowest);
      whiskers.line(x - half / 2, highest, x + half / 2, highest);
      medians.line(x - half, y(quartiles[1]), x + half, y(quartiles[1]));
      DoubleStream.of(values)
          .filter(value -> value < within[0] || value > within[within.length - 1])
          .forEach(value -> outliers.circle(x, y(value), size.letters() / 7.0));
    }
    line(whiskers, Look.INK, THIN_LINE);
    bar(boxes, index);
    line(medians, Look.INK, LINE);
    svg.element("path", "d", outliers, "fill", Look.INK);
  }

  private void bar(Path shapes, int index) {
    svg.element(
        "path",
        "d",
        shapes,
        "fill",
        Look.fill(index),
        "stroke",
        Look.INK,
        "stroke-width",
        THIN_LINE,
        "stroke-dasharray",
        Look.edge(index));
  }

  /** Bands around lines, whiskers elsewhere. */
  private void drawIntervals(Series series, int index) {
    List<Point> alone = new ArrayList<>();
    if (series.mark() == Mark.LINE) {
      Path bands = new Path();
      for (List<Point> run : runs(series.points())) {
        if (run.size() == 1) {
          alone.addAll(run);
          continue;
        }
        DoubleStream lower =
            run.stream()
                .flatMapToDouble(point -> DoubleStream.of(x(point.x()), height(low(point))));
        DoubleStream upper =
            IntStream.rangeClosed(1, run.size())
                .mapToObj(i -> run.get(run.size() - i))
                .flatMapToDouble(point -> DoubleStream.of(x(point.x()), height(high(point))));
        bands.polygon(DoubleStream.concat(lower, upper).toArray());
      }
      clipped(bands, "fill", Look.color(index), "fill-opacity", BAND_OPACITY);
    } else {
      series.points().stream().filter(point -> point.interval().isPresent()).forEach(alone::add);
    }
    Path whiskers = new Path();
    double end = Math.min(TICK, barWidth() / 3);
    for (Point point : alone) {
      double x = position(series, point);
      double low = y(low(point));
      double high = y(high(point));
      whiskers.line(x - end, low, x + end, low);
      whiskers.line(x, low, x, high);
      whiskers.line(x - end, high, x + end, high);
    }
    line(whiskers, series.mark() == Mark.BARS ? Look.INK : Look.color(index), THIN_LINE);
  }

  /** Neighbours that have intervals, of which one band can say something. */
  private static List<List<Point>> runs(List<Point> points) {
    List<List<Point>> runs = new ArrayList<>();
    boolean before = false;
    for (Point point : points) {
      if (point.interval().isPresent()) {
        if (!before) {
          runs.add(new ArrayList<>());
        }
        runs.get(runs.size() - 1).add(point);
      }
      before = point.interval().isPresent();
    }
    return runs;
  }

  /** A path that ends where the axis does. */
  private void clipped(Path path, Object... attributes) {
    if (path.isEmpty()) {
      return;
    }
    List<Object> all = new ArrayList<>(List.of("d", path));
    all.addAll(List.of(attributes));
    if (figure.y().to().isPresent()) {
      all.addAll(List.of("clip-path", "url(#" + prefix + CLIP + ")"));
    }
    svg.element("path", all.toArray());
  }

  private void drawPoints(Series series, int index) {
    List<Point> points = series.points();
    Path markers = new Path();
    points.stream()
        .filter(point -> point.y() <= up.to())
        .forEach(point -> mark(markers, index, x(point.x()), y(point.y())));
    if (series.mark() == Mark.LINE) {
      double[] ends =
          points.stream()
              .flatMapToDouble(point -> DoubleStream.of(x(point.x()), height(point.y())))
              .toArray();
      clipped(
          new Path().line(ends), "fill", "none", "stroke", Look.color(index), "stroke-width", LINE);
    }
    if (series.mark() == Mark.POINTS || points.size() <= MOST_MARKERS) {
      svg.element("path", "d", markers, "fill", Look.color(index));
    }
  }

  private void mark(Path markers, int index, double x, double y) {
    Look.mark(markers, index, x, y, size.letters() / 4.0);
  }

  /** At the upper edge, with its place and value above. */
  private void drawBeyond(Beyond point) {
    double r = size.letters() / 4.0;
    Path arrow =
        new Path().polygon(point.x(), top - r, point.x() + r, top + r, point.x() - r, top + r);
    svg.element("path", "d", arrow, "fill", Look.color(point.series()));
    if (point.row() >= 0) {
      double below = top - GAP - point.row() * size.lineHeight();
      line(new Path().line(point.x(), top - r, point.center(), below + 2), Look.AXIS, THIN_LINE);
      text(point.text(), point.center(), below, size.small(), "middle");
    }
  }

  private List<Beyond> beyond() {
    String unit = figure.y().label().endsWith("(%)") ? " %" : "";
    List<Beyond> all = new ArrayList<>();
    for (int i = 0; i < figure.series().size(); i++) {
      for (Point point : figure.series().get(i).points()) {
        if (point.y() > up.to() && figure.series().get(i).mark() != Mark.BOXES) {
          String text =
              (figure.x().categories().isEmpty() ? AxisScale.brief(point.x()) + ": " : "")
                  + AxisScale.brief(point.y())
                  + unit;
          double x = position(figure.series().get(i), point);
          double half = width(text) / 2;
          double center = Math.max(half + GAP, Math.min(size.width() - half - GAP, x));
          all.removeIf(other -> other.x() == x && other.text().equals(text));
          all.add(new Beyond(i, x, center, text, -1));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Beyond::center));
    double[] ends = new double[MOST_ROWS];
    List<Beyond> placed = new ArrayList<>();
    for (Beyond point : all) {
      double half = width(point.text()) / 2;
      int row =
          IntStream.range(0, MOST_ROWS)
              .filter(i -> ends[i] <= point.center() - half)
              .findFirst()
              .orElse(-1);
      if (row >= 0) {
        ends[row] = point.center() + half + GAP;
      }
      placed.add(new Beyond(point.series(), point.x(), point.center(), point.text(), row));
    }
    return placed;
  }

  private void drawLevel(int index, double from, double to, double y) {
    svg.element(
        "path",
        "d",
        new Path().line(from, y, to, y),
        "stroke",
        Look.color(seriesOf(index)),
        "stroke-width",
        LINE,
        "stroke-dasharray",
        Look.dashes(index));
  }

  /** "A, intact" belongs to the first of "A" or "A, mean", say. */
  private int seriesOf(int level) {
    String label = figure.levels().get(level).label();
    String network = label.substring(0, Math.max(0, label.lastIndexOf(", ")));
    return IntStream.range(0, figure.series().size())
        .filter(i -> (figure.series().get(i).label() + ", ").startsWith(network + ", "))
        .findFirst()
        .orElse(level);
  }

  private List<String> labels() {
    return Stream.concat(
            figure.series().stream().map(Series::label),
            figure.levels().stream()
                .map(
                    level ->
                        level.y() <= up.to()
                            ? level.label()
                            : "%s (%s, beyond)"
                                .formatted(level.label(), AxisScale.brief(level.y()))))
        .toList();
  }

  /** The names beside the ends of a few series; none where they go into a legend. */
  private List<List<String>> direct() {
    if (!size.direct() || figure.series().size() > MOST_DIRECT) {
      return List.of();
    }
    List<List<String>> names =
        labels().stream()
            .map(label -> FigureSize.lines(label, size.small(), DIRECT_WIDTH * size.width()))
            .toList();
    int lines = names.stream().mapToInt(List::size).sum();
    return lines * size.lineHeight() <= size.plotHeight() ? names : List.of();
  }

  private double widestLine(List<String> lines) {
    return lines.stream().mapToDouble(this::width).max().orElse(0);
  }

  /** Each as near to where it ends as the others let it. */
  private List<Key> besideEnds(List<List<String>> names) {
    double[] wanted = new double[names.size()];
    for (int i = 0; i < names.size(); i++) {
      wanted[i] =
          middle(
              i < figure.series().size()
                  ? y(lastPoint(figure.series().get(i)).y())
                  : y(figure.levels().get(i - figure.series().size()).y()));
    }
    List<Integer> order =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> wanted[i]))
            .toList();
    double[] places = new double[names.size()];
    double next = top + size.small();
    for (int i : order) {
      places[i] = Math.max(wanted[i], next);
      next = places[i] + names.get(i).size() * size.lineHeight();
    }
    double end = bottom + size.lineHeight();
    for (int i = order.size() - 1; i >= 0; i--) {
      int key = order.get(i);
      places[key] = Math.min(places[key], end - names.get(key).size() * size.lineHeight());
      end = places[key];
    }
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Key(right + GAP, places[i], names.get(i)))
        .toList();
  }

  private static Point lastPoint(Series series) {
    return Collections.max(series.points(), Comparator.comparingDouble(Point::x));
  }

  /** One after the other, in as many rows as they need. */
  private List<Key> legend(double below) {
    double first = size.letters();
    double x = first;
    double y = below;
    int lines = 1;
    List<Key> keys = new ArrayList<>();
    for (String label : labels()) {
      List<String> wrapped = FigureSize.lines(label, size.small(), right - first - KEY_WIDTH);
      double width =
          KEY_WIDTH + 2 * GAP + wrapped.stream().mapToDouble(this::width).max().orElse(0);
      if (x > first && x + width > size.width()) {
        x = first;
        y += lines * size.lineHeight();
        lines = 1;
      }
      keys.add(new Key(x, y, wrapped));
      x += width;
      lines = Math.max(lines, wrapped.size());
    }
    return keys;
  }

  private void drawLegend() {
    for (int i = 0; i < legend.size(); i++) {
      Key key = legend.get(i);
      double end = key.x() + KEY_WIDTH - GAP;
      double y = 2 * key.y() - middle(key.y());
      if (i >= figure.series().size()) {
        drawLevel(i - figure.series().size(), key.x(), end, y);
      } else if (bars.contains(figure.series().get(i))) {
        bar(
            new Path().polygon(key.x(), y - TICK, end, y - TICK, end, y + TICK, key.x(), y + TICK),
            i);
      } else {
        Series series = figure.series().get(i);
        if (series.mark() == Mark.LINE) {
          line(new Path().line(key.x(), y, end, y), Look.color(i), LINE);
        }
        if (series.mark() == Mark.POINTS || series.points().size() <= MOST_MARKERS) {
          Path marker = new Path();
          mark(marker, i, (key.x() + end) / 2, y);
          svg.element("path", "d", marker, "fill", Look.color(i));
        }
      }
      for (int line = 0; line < key.lines().size(); line++) {
        double below = key.y() + line * size.lineHeight();
        text(key.lines().get(line), key.x() + KEY_WIDTH, below, size.small(), "start");
      }
    }
  }

  private void line(Path path, String color, double width) {
    if (!path.isEmpty()) {
      svg.element("path", "d", path, "fill", "none", "stroke", color, "stroke-width", width);
    }
  }

  private void text(String text, double x, double y, int letters, String anchor) {
    text(text, letters, anchor, "x", x, "y", y);
  }

  /** From the bottom to the top. */
  private void upward(String text, double x, double y, int letters, String anchor) {
    String turned = "translate(" + Svg.number(x) + " " + Svg.number(y) + ") rotate(-90)";
    text(text, letters, anchor, "transform", turned);
  }

  /** Readers' fonts are others: each text is stretched to the width that it was measured with. */
  private void text(String text, int letters, String anchor, Object... place) {
    List<Object> attributes = new ArrayList<>(List.of(place));
    attributes.addAll(List.of("font-size", letters, "text-anchor", anchor));
    attributes.addAll(List.of("textLength", FigureSize.width(text, letters)));
    attributes.addAll(List.of("lengthAdjust", "spacingAndGlyphs"));
    svg.text("text", text, attributes.toArray());
  }

  /** An axis that counts has no numbers where there is nothing to count. */
  private List<Tick> numbersAcross(NavigableSet<Double> positions) {
    boolean counts = positions.stream().allMatch(x -> x == Math.rint(x));
    return across.ticks(counts, right - left, label -> width(label) + size.letters()).stream()
        .filter(tick -> !counts || (tick.at() >= positions.first() && tick.at() <= last))
        .toList();
  }

  private double below(Key key) {
    return key.y() + key.lines().size() * size.lineHeight();
  }

  private double titleHeight() {
    return 1.4 * size.large();
  }

  private double widest(List<Tick> ticks) {
    return ticks.stream().mapToDouble(tick -> width(tick.label())).max().orElse(0);
  }

  private double width(String small) {
    return FigureSize.width(small, size.small());
  }

  /** The baseline of small letters around a line. */
  private double middle(double y) {
    return y + 0.35 * size.small();
  }

  private static List<Tick> every(int step, List<Tick> ticks) {
    return IntStream.range(0, ticks.size())
        .filter(i -> i % step == 0)
        .mapToObj(ticks::get)
        .toList();
  }

  private Stream<Point> points() {
    return figure.series().stream().flatMap(series -> series.points().stream());
  }

  private double x(double value) {
    return left + across.place(value) * (right - left);
  }

  /** What lies beyond the end of the axis is at its edge. */
  private double y(double value) {
    return Math.max(top, height(value));
  }

  private double height(double value) {
    return bottom - up.place(value) * (bottom - top);
  }

  private static double low(Point point) {
    return point.interval().map(Interval::low).orElse(point.y());
  }

  private static double high(Point point) {
    return point.interval().map(Interval::high).orElse(point.y());
  }

  private double position(Series series, Point point) {
    int place = bars.indexOf(series);
    return x(point.x()) + (place < 0 ? 0 : (place - (bars.size() - 1) / 2.0) * barWidth());
  }

  private double barWidth() {
    return GROUP_WIDTH * (x(last + spacing) - x(last)) / Math.max(1, bars.size());
  }

  private static double leastDistance(NavigableSet<Double> positions) {
    double least = Double.POSITIVE_INFINITY;
    for (double x : positions.tailSet(positions.first(), false)) {
      least = Math.min(least, x - positions.lower(x));
    }
    return Double.isInfinite(least) ? 1 : least;
  }
}
