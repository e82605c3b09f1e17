package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.BlockInteraction;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Shapley and Banzhaf values of the blocks. */
final class BlockValuesSection {
  private static final int SHOWN_INTERACTIONS = 10;

  private BlockValuesSection() {}

  static void write(Networks networks, Draft draft) {
    List<Of<BlockValues>> all = networks.results(BlockValues.class);
    for (int i = 0; i < all.size(); i++) {
      String label = all.get(i).label();
      BlockValues values = all.get(i).result();
      draft.say(finding(label, values));
      draft.add(figure(Published.numbered("block-values", i + 1), label, values));
      draft.add(table(Published.numbered("block-values-table", i + 1), label, values));
      if (!values.interactions().isEmpty()) {
        draft.add(interactions(Published.numbered("block-interactions", i + 1), label, values));
      }
    }
  }

  /** Shares of images are said in points, losses in nats. */
  private static double scaled(BlockValues values, double value) {
    return values.payoff() == Payoff.ACCURACY ? Say.toPercent(value) : value;
  }

  private static String unit(BlockValues values) {
    return values.payoff() == Payoff.ACCURACY ? "points of accuracy" : "nats";
  }

  private static String said(BlockValues values, double value) {
    return values.payoff() == Payoff.ACCURACY ? Say.points(value) : Say.format("%+.4f", value);
  }

  /** How far the values are from adding up to what they divide. */
  static double efficiencyError(BlockValues values) {
    double sum = values.blocks().stream().mapToDouble(block -> block.shapley().value()).sum();
    return Math.abs(sum - (values.full() - values.empty()));
  }

  private static BlockValue largest(BlockValues values) {
    return values.blocks().stream()
        .max(Comparator.comparingDouble(block -> block.shapley().value()))
        .orElseThrow();
  }

  private static BlockValue least(BlockValues values) {
    return values.blocks().stream()
        .min(Comparator.comparingDouble(block -> block.shapley().value()))
        .orElseThrow();
  }

  private static String finding(String label, BlockValues values) {
    BlockValue largest = largest(values);
    BlockValue least = least(values);
    return label
        + ", "
        + (values.exact()
            ? "exactly, from all sets of blocks"
            : "sampled from " + Say.count(values.draws(), "random order"))
        + ": the branches of "
        + Say.count(values.blocks().size(), "block")
        + " together are worth "
        + said(values, values.full() - values.empty())
        + " "
        + unit(values)
        + ". Block "
        + largest.block()
        + " contributes most ("
        + said(values, largest.shapley())
        + "), block "
        + least.block()
        + " least ("
        + said(values, least.shapley())
        + "). The Shapley values add up to the whole but for "
        + Say.format("%.1e", efficiencyError(values))
        + "."
        + (values.exact() && values.payoff() == Payoff.ACCURACY
            ? " Intervals in the figure are over the images."
            : "");
  }

  private static String said(BlockValues values, Estimate estimate) {
    return said(values, estimate.value())
        + (estimate.interval().width() == 0
            ? ""
            : " [%s, %s]"
                .formatted(
                    said(values, estimate.interval().low()),
                    said(values, estimate.interval().high())));
  }

  private static Figure figure(String name, String label, BlockValues values) {
    List<Point> shapley = new ArrayList<>();
    List<Point> banzhaf = new ArrayList<>();
    for (BlockValue block : values.blocks()) {
      Optional<Interval> interval =
          block.shapleyOverImages().isPresent()
              ? block.shapleyOverImages()
              : Optional.of(block.shapley().interval()).filter(ends -> ends.width() > 0);
      shapley.add(
          new Point(
              block.block(),
              scaled(values, block.shapley().value()),
              interval.map(
                  ends ->
                      new Interval(
                          scaled(values, ends.low()), scaled(values, ends.high()), ends.level()))));
      banzhaf.add(Point.of(block.block(), scaled(values, block.banzhaf().value())));
    }
    return new Figure(
        name,
        "What each block contributes: " + label,
        "Bars of the Shapley value of each block"
            + (shapley.stream().anyMatch(point -> point.interval().isPresent())
                ? " with 95 % intervals"
                : "")
            + ", points of the Banzhaf value."
            + " The largest Shapley value is "
            + said(values, largest(values).shapley().value())
            + " (block "
            + largest(values).block()
            + "), the least "
            + said(values, least(values).shapley().value())
            + " (block "
            + least(values).block()
            + "), in "
            + unit(values)
            + ".",
        Axis.linear("block"),
        Axis.linear("contribution (" + unit(values) + ")"),
        List.of(
            new Series("Shapley value", Mark.BARS, shapley),
            new Series("Banzhaf value", Mark.POINTS, banzhaf)),
        List.of());
  }

  private static ReportTable table(String name, String label, BlockValues values) {
    List<List<Cell>> rows = new ArrayList<>();
    for (BlockValue block : values.blocks()) {
      List<Cell> row = new ArrayList<>();
      row.add(Cells.integer(block.block()));
      addEnds(row, values, block.shapley());
      row.add(
          block
              .shapleyOverImages()
              .map(ends -> Cells.number(scaled(values, ends.low())))
              .orElse(Cells.NONE));
      row.add(
          block
              .shapleyOverImages()
              .map(ends -> Cells.number(scaled(values, ends.high())))
              .orElse(Cells.NONE));
      addEnds(row, values, block.banzhaf());
      rows.add(row);
    }
    return new ReportTable(
        name,
        label + ": block values in " + unit(values),
        List.of(
            "block",
            "Shapley",
            "low",
            "high",
            "low over images",
            "high over images",
            "Banzhaf",
            "Banzhaf low",
            "Banzhaf high"),
        rows);
  }

  private static void addEnds(List<Cell> row, BlockValues values, Estimate estimate) {
    row.add(Cells.number(scaled(values, estimate.value())));
    row.add(Cells.number(scaled(values, estimate.interval().low())));
    row.add(Cells.number(scaled(values, estimate.interval().high())));
  }

  private static ReportTable interactions(String name, String label, BlockValues values) {
    List<List<Cell>> rows =
        values.interactions().stream()
            .sorted(Comparator.comparingDouble((BlockInteraction pair) -> -Math.abs(pair.value())))
            .limit(SHOWN_INTERACTIONS)
            .map(
                pair ->
                    List.of(
                        Cells.integer(pair.first()),
                        Cells.integer(pair.second()),
                        Cells.number(scaled(values, pair.value()))))
            .toList();
    return new ReportTable(
        name,
        ("%s: the strongest interactions of two blocks, in %s (negative: one stands in"
                + " for the other)")
            .formatted(label, unit(values)),
        List.of("block", "other block", "interaction"),
        rows);
  }
}
