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

/** The unravelled view: how many paths there are, and how long they are. */
final class PathsSection {
  private static final double CENTRAL = 0.95;

  private PathsSection() {}

  static void write(Networks networks, Draft draft) {
    NetworkResults main = networks.main();
    Architecture architecture = main.architecture();
    PathEnumerator paths = PathEnumerator.of(architecture, main.base().applyTo(architecture));
    PathCounts lengths = paths.lengths();
    int from = lengths.quantile((1 - CENTRAL) / 2);
    int to = lengths.quantile((1 + CENTRAL) / 2);
    draft.say(
        "Unravelled, "
            + main.label()
            + " is "
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
                "The gradient comes from paths of length "
                    + found.from()
                    + " to "
                    + found.to()
                    + ", which are "
                    + Say.percent(found.pathShare())
                    + " of all (see the section on gradients)."));
    draft.add(distribution("path-lengths", lengths, effective));
    draft.add(table(lengths));
  }

  /** The share of each length, the effective ones beside it. */
  static Figure distribution(
      String name, PathCounts lengths, Optional<EffectiveLengths> effective) {
    List<Point> all = new ArrayList<>();
    List<Point> within = new ArrayList<>();
    for (int length = lengths.shortest(); length <= lengths.longest(); length++) {
      Point point = Points.percent(length, lengths.probability(length));
      all.add(point);
      if (effective.isPresent()
          && length >= effective.get().from()
          && length <= effective.get().to()) {
        within.add(point);
      }
    }
    List<Series> series = new ArrayList<>(List.of(new Series("all paths", Mark.BARS, all)));
    if (!within.isEmpty()) {
      series.add(new Series("effective lengths", Mark.POINTS, within));
    }
    int mode = lengths.quantile(0.5);
    return new Figure(
        name,
        "How long paths are",
        "Bars of the share of paths by their length, from "
            + lengths.shortest()
            + " to "
            + lengths.longest()
            + " blocks. At the median length, "
            + mode
            + ", there are "
            + Say.percent(lengths.probability(mode))
            + " of the paths; at the ends "
            + Say.number(Say.toPercent(lengths.probability(lengths.shortest())))
            + " % and "
            + Say.number(Say.toPercent(lengths.probability(lengths.longest())))
            + " %."
            + effective
                .map(
                    found ->
                        " Points mark the effective lengths, "
                            + found.from()
                            + " to "
                            + found.to()
                            + ".")
                .orElse(""),
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
