package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reads sets of blocks and their payoffs from the rows of a report. */
final class Coalitions {
  private static final String REMEDY =
      "block values need the rows of deleteSubsets() or of deleteInRandomOrder()";

  private static final Interrupts INTERRUPTS = Interrupts.during("block values were computed");

  private final LesionReport report;
  private final Payoff payoff;
  private final double level;
  private final Outcomes outcomes;
  private final List<Integer> players;

  private Coalitions(LesionReport report, Payoff payoff, double level) {
    Require.level(level);
    if (report.byPlan().size() > 1) {
      throw new InvalidInputException(
          ("the report joins %s plans; take the one with all sets of blocks or random"
                  + " orders from report.byPlan()")
              .formatted(report.byPlan().size()));
    }
    this.report = report;
    this.payoff = payoff;
    this.level = level;
    this.outcomes = Outcomes.of(report);
    this.players =
        IntStream.rangeClosed(1, report.provenance().architecture().size())
            .boxed()
            .filter(block -> !report.excluded().contains(block))
            .toList();
  }

  static BlockValues values(LesionReport report, Payoff payoff, double level) {
    Coalitions coalitions = new Coalitions(report, payoff, level);
    boolean drawn = report.rows().stream().allMatch(row -> row.planned().draw().isPresent());
    return drawn ? coalitions.sampled() : coalitions.exact();
  }

  private BlockValues exact() {
    int n = players.size();
    if (n > 30 || report.rows().size() != 1 << n) {
      throw new InvalidInputException(
          String.format(
              "the report has %s rows, but %s blocks have 2^%s sets; %s",
              report.rows().size(), n, n, REMEDY));
    }
    double[] payoffs = new double[1 << n];
    BitSet[] wrong = new BitSet[1 << n];
    BitSet seen = new BitSet();
    for (int i = 0; i < report.rows().size(); i++) {
      INTERRUPTS.check(i);
      LesionRow row = report.rows().get(i);
      int coalition = coalition(row.lesion());
      payoffs[coalition] = payoff(row);
      wrong[coalition] = outcomes.rows().get(i);
      seen.set(coalition);
    }
    if (seen.cardinality() != wrong.length) {
      throw new InvalidInputException("the report lists a set of blocks twice; " + REMEDY);
    }
    ExactValues values = new ExactValues(n, payoffs);
    double[][] byImage =
        payoff == Payoff.ACCURACY ? values.shapleyByImage(wrong, outcomes.images()) : null;
    List<BlockValue> blocks = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      blocks.add(
          new BlockValue(
              players.get(i),
              Intervals.certain(values.shapley(i), level),
              Intervals.certain(values.banzhaf(i), level),
              byImage == null
                  ? Optional.empty()
                  : Optional.of(
                      around(values.shapley(i), Intervals.mean(byImage[i], level).interval()))));
    }
    List<BlockInteraction> interactions = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        interactions.add(
            new BlockInteraction(
                players.get(i), players.get(j), values.interaction(i, j), Optional.empty()));
      }
    }
    return new BlockValues(
        payoff, true, 0, payoffs[(1 << n) - 1], payoffs[0], blocks, interactions, report);
  }

  /** The interval, were its ends to miss the value by rounding. */
  private static Interval around(double value, Interval interval) {
    return new Interval(
        Math.min(value, interval.low()), Math.max(value, interval.high()), interval.level());
  }

  /** The players that are left, bit i being the i-th. */
  private int coalition(Lesion lesion) {
    int left = (1 << players.size()) - 1;
    for (int block : deleted(lesion)) {
      left &= ~(1 << player(block, lesion));
    }
    return left;
  }

  private int player(int block, Lesion lesion) {
    int player = players.indexOf(block);
    if (player < 0) {
      throw new InvalidInputException(
          String.format(
              "the row %s deletes block %s, which the report excludes",
              Names.shorten(lesion), block));
    }
    return player;
  }

  private static Set<Integer> deleted(Lesion lesion) {
    return Wirings.deletedAlone(lesion, "; " + REMEDY);
  }

  private BlockValues sampled() {
    Map<Integer, List<Integer>> rowsByDraw = new TreeMap<>();
    for (int i = 0; i < report.rows().size(); i++) {
      PlannedLesion planned = report.rows().get(i).planned();
      rowsByDraw.computeIfAbsent(planned.draw().orElseThrow(), d -> new ArrayList<>()).add(i);
    }
    int draws = rowsByDraw.size();
    if (draws < 2) {
      throw new InvalidInputException(
          "sampled block values need at least 2 random orders for an interval, got 1; ask for more"
              + " draws");
    }
    SampledValues values = new SampledValues(players.size(), outcomes.images());
    double empty = 0;
    for (List<Integer> rows : rowsByDraw.values()) {
      empty = addOrder(values, rows);
    }
    List<BlockValue> blocks = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      blocks.add(
          new BlockValue(
              players.get(i),
              values.shapley(i, level),
              values.banzhaf(i, level),
              payoff == Payoff.ACCURACY
                  ? Optional.of(values.shapleyOverImages(i, level))
                  : Optional.empty()));
    }
    return new BlockValues(
        payoff, false, draws, payoff(report.baseline()), empty, blocks, List.of(), report);
  }

  /** Adds the contributions of one order, last deleted first; returns the payoff of no block. */
  private double addOrder(SampledValues values, List<Integer> unsorted) {
    List<Integer> rows = new ArrayList<>(unsorted);
    rows.sort(
        (a, b) ->
            Integer.compare(
                deleted(report.rows().get(a).lesion()).size(),
                deleted(report.rows().get(b).lesion()).size()));
    double before = payoff(report.baseline());
    BitSet wrongBefore = outcomes.baseline();
    Set<Integer> deleted = Set.of();
    for (int index : rows) {
      INTERRUPTS.check(index);
      LesionRow row = report.rows().get(index);
      Set<Integer> next = new HashSet<>(deleted(row.lesion()));
      Set<Integer> added = new HashSet<>(next);
      added.removeAll(deleted);
      if (added.size() != 1 || !next.containsAll(deleted)) {
        throw notAnOrder(row);
      }
      int player = player(added.iterator().next(), row.lesion());
      double after = payoff(row);
      values.add(
          player,
          players.size() - next.size(),
          before - after,
          wrongBefore,
          outcomes.rows().get(index));
      before = after;
      wrongBefore = outcomes.rows().get(index);
      deleted = next;
    }
    if (deleted.size() != players.size()) {
      throw notAnOrder(report.rows().get(rows.get(rows.size() - 1)));
    }
    return before;
  }

  private InvalidInputException notAnOrder(LesionRow row) {
    return new InvalidInputException(
        String.format(
            "the rows of draw %s do not delete all %s blocks one after the other: see %s; %s",
            row.planned().draw().orElseThrow(), players.size(), row.lesion(), REMEDY));
  }

  private double payoff(LesionRow row) {
    if (payoff == Payoff.ACCURACY) {
      return 1 - row.errorRate();
    }
    return -row.loss()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    ("the loss of %s is not finite, so no block value follows from it; take the"
                            + " accuracy")
                        .formatted(row.lesion())));
  }
}
