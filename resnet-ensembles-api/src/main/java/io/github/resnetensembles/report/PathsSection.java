package io.github.resnetensembles.report;

import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The unravelled view: how many paths there are, and how long they are. */
final class PathsSection {
  private static final double CENTRAL = 0.95;

  /** Share of the paths that the figure of a long network leaves out. */
  private static final double BEYOND = 1e-6;

  /** As in the paper's figure 7. */
  private static final int[] DELETED = {1, 10, 20};

  private PathsSection() {}

  static void write(Networks networks, Draft draft) {
    NetworkResults main = networks.main();
    Architecture architecture = main.architecture();
    PathEnumerator paths = PathEnumerator.of(architecture, main.base().applyTo(architecture));
    PathCounts lengths = paths.lengths();
    int from = lengths.quantile((1 - CENTRAL) / 2);
    int to = lengths.quantile((1 + CENTRAL) / 2);
    draft.say(
        "Unravelled, %s is ".formatted(main.label())
            + (lengths.total().bitCount() == 1 && lengths.total().bitLength() > 1
                ? "2^" + (lengths.total().bitLength() - 1) + " = "
                : "")
            + Say.number(lengths.total())
            + (lengths.total().bitLength() == 1 ? " path" : " paths")
            + " from input to output, each block being entered or passed by. A path's length is the"
            + " number of blocks it enters. The mean length is "
            + Say.number(lengths.mean())
            + "; "
            + Say.percent(lengths.probability(from, to))
            + " of the paths enter "
            + from
            + " to "
            + to
            + " blocks.");
    draft.say(
        "The paper's network of 54 blocks has 2^54 paths; 98.02 % of them enter 19 to 35 blocks"
            + " (figure 6a).");
    if (architecture.plain()) {
      draft.say("A plain network has no skip connections, and so no second path.");
    }
    Optional<EffectiveLengths> effective =
        main.all(PathGradients.class).stream()
            .flatMap(gradients -> GradientsSection.effective(gradients).stream())
            .findFirst();
    effective.ifPresent(
        found ->
            draft.say(
                ("%s of the weight of the gradient is on paths of length %s to %s, which are %s of all"
                        + " paths, %s (see the section on gradients).")
                    .formatted(
                        Say.percent(found.mass()),
                        found.from(),
                        found.to(),
                        Say.percent(found.pathShare()),
                        GradientsSection.few(found))));
    draft.add(distribution("path-lengths", lengths, effective));
    left(paths, lengths).ifPresent(draft::add);
    draft.add(table(lengths));
  }

  /** How many paths of each length deletions leave: C(n - d, k) / C(n, k) where each is free. */
  private static Optional<Figure> left(PathEnumerator paths, PathCounts lengths) {
    List<Series> series = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    for (int deleted : DELETED) {
      if (deleted > lengths.longest()) {
        continue;
      }
      List<Point> points = new ArrayList<>();
      for (int length = lengths.shortest(); length <= lengths.longest(); length++) {
        if (lengths.count(length).signum() > 0) {
          points.add(Points.percent(length, paths.ofLength(length).fractionLeft(deleted)));
        }
      }
      String label = Say.count(deleted, "block") + " deleted";
      series.add(new Series(label, Mark.LINE, points));
      int middle = lengths.quantile(0.5);
      descriptions.add(
          "%s: %s left at the median length, %s."
              .formatted(label, Say.percent(paths.ofLength(middle).fractionLeft(deleted)), middle));
    }
    return series.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Figure(
                "paths-left",
                "How many paths of each length random deletions leave",
                "Falling lines over the path length. " + String.join(" ", descriptions),
                Axis.linear("path length (blocks)"),
                Axis.linear("paths left, of this length (%)").startingAt(0),
                series,
                List.of()));
  }

  /** The share of each length, the effective ones beside it. */
  static Figure distribution(
      String name, PathCounts lengths, Optional<EffectiveLengths> effective) {
    List<Point> all = shares(lengths, lengths.shortest(), lengths.longest());
    List<Series> series = new ArrayList<>(List.of(new Series("all paths", Mark.BARS, all)));
    effective.ifPresent(
        found ->
            series.add(
                new Series(
                    "effective lengths", Mark.POINTS, shares(lengths, found.from(), found.to()))));
    return distribution(
        name,
        lengths,
        series,
        effective
            .map(
                found ->
                    " Points mark the effective lengths, %s to %s."
                        .formatted(found.from(), found.to()))
            .orElse(""));
  }

  /** Lengths but for the few paths at the ends of long networks, and what deletions leave. */
  static Figure distribution(PathEnumerator paths, OptionalInt deleted) {
    PathCounts lengths = paths.lengths();
    int from = lengths.quantile(BEYOND / 2);
    int to = lengths.quantile(1 - BEYOND / 2);
    List<Series> series = new ArrayList<>();
    series.add(new Series("all paths", Mark.BARS, shares(lengths, from, to)));
    String left = "";
    if (deleted.isPresent()) {
      left = "left after deleting " + Say.count(deleted.getAsInt(), "random block");
      List<Point> points = new ArrayList<>();
      for (Point point : shares(lengths, from, to)) {
        PathEnumerator same = paths.ofLength((int) point.x());
        double fraction = point.y() == 0 ? 0 : same.fractionLeft(deleted.getAsInt());
        points.add(Point.of(point.x(), point.y() * fraction));
      }
      series.add(new Series(left, Mark.LINE, points));
      left = " A line shows those " + left + ".";
    }
    return distribution("path-lengths", lengths, series, left);
  }

  private static List<Point> shares(PathCounts lengths, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(length -> Points.percent(length, lengths.probability(length)))
        .toList();
  }

  private static Figure distribution(
      String name, PathCounts lengths, List<Series> series, String more) {
    int mode = lengths.quantile(0.5);
    return new Figure(
        name,
        "How long paths are",
        ("Bars of the share of paths by their length, from %s to %s blocks. At the"
                + " median length, %s, there are %s of the paths; at the ends %s %% and %s"
                + " %%.%s")
            .formatted(
                lengths.shortest(),
                lengths.longest(),
                mode,
                Say.percent(lengths.probability(mode)),
                Say.number(Say.toPercent(lengths.probability(lengths.shortest()))),
                Say.number(Say.toPercent(lengths.probability(lengths.longest()))),
                more),
        Axis.linear("path length (blocks)"),
        Axis.linear("share of all paths (%)"),
        series,
        List.<Level>of());
  }

  private static ReportTable table(PathCounts lengths) {
    List<List<Cell>> rows = new ArrayList<>();
    for (int length = lengths.shortest(); length <= lengths.longest(); length++) {
      rows.add(
          List.of(
              Cells.integer(length),
              Cells.words(lengths.count(length).toString()),
              Cells.number(Say.toPercent(lengths.probability(length)))));
    }
    return new ReportTable(
        "path-counts",
        "Paths of each length, exactly",
        List.of("length", "paths", "share (%)"),
        rows);
  }
}
