package io.github.resnetensembles.lesion;

import com.google.common.collect.Comparators;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What rows and reports must be, wherever they come from, and whether a report is complete. */
final class LesionReports {
  /** More ranges would not be read. */
  private static final int NAMED = 5;

  private LesionReports() {}

  /** The tallies of a row are disjoint, in order, and count the same classes. */
  static void checkTallies(PlannedLesion planned, List<Integer> order, List<Tally> tallies) {
    order.forEach(block -> Require.atLeast(1, "a block's number", block));
    if (tallies.isEmpty()) {
      throw new InvalidInputException(
          "the row " + Names.shorten(planned.lesion()) + " has no tally");
    }
    int classes = tallies.get(0).classTotals().size();
    for (int i = 1; i < tallies.size(); i++) {
      Tally previous = tallies.get(i - 1);
      Tally next = tallies.get(i);
      if (next.from() < previous.end()) {
        throw new InvalidInputException(
            "the tallies of %s are not disjoint and in order: the records %s come before %s"
                .formatted(
                    planned.lesion(),
                    new RecordRange(previous.from(), previous.end()),
                    new RecordRange(next.from(), next.end())));
      }
      checkClasses(planned, next.classTotals().size(), classes);
      checkMeasures(planned, next, tallies.get(0));
    }
  }

  private static void checkMeasures(PlannedLesion planned, Tally tally, Tally other) {
    if (!tally.metrics().keySet().equals(other.metrics().keySet())) {
      throw new InvalidInputException(
          "the row %s has the metrics %s, but others %s"
              .formatted(
                  Names.shorten(planned.lesion()),
                  tally.metrics().keySet(),
                  other.metrics().keySet()));
    }
    if (tally.imageValues().isPresent() != other.imageValues().isPresent()) {
      throw new InvalidInputException(
          "losses and margins of single images are there in some rows, but not everywhere: see %s"
              .formatted(Names.shorten(planned.lesion())));
    }
  }

  private static void checkClasses(PlannedLesion planned, int classes, int expected) {
    if (classes != expected) {
      throw new InvalidInputException(
          String.format(
              "the row %s counts %s classes, but others %s", planned.lesion(), classes, expected));
    }
  }

  static void check(
      Lesion base,
      LesionRow baseline,
      List<LesionRow> rows,
      List<Integer> excluded,
      List<RecordRange> records) {
    if (!(baseline.lesion() instanceof Lesion.Intact)) {
      throw new InvalidInputException(
          "the baseline is the studied network without further damage, got "
              + Names.shorten(baseline.lesion()));
    }
    if (!Comparators.isInStrictOrder(excluded, Comparator.<Integer>naturalOrder())
        || (!excluded.isEmpty() && excluded.get(0) < 1)) {
      throw new InvalidInputException(
          "excluded blocks are numbered from 1 and sorted, got " + Names.shorten(excluded));
    }
    RangeSet<Integer> asked = asked(records);
    List<LesionRow> all = new ArrayList<>(List.of(baseline));
    all.addAll(rows);
    Set<PlannedLesion> seen = new HashSet<>();
    for (LesionRow row : all) {
      checkClasses(row.planned(), row.classTotals().size(), baseline.classTotals().size());
      checkMeasures(row.planned(), row.tallies().get(0), baseline.tallies().get(0));
      if (!asked.enclosesAll(covered(row))) {
        throw new InvalidInputException(
            String.format(
                "the row %s covers the records %s, of which the report has only %s",
                Names.shorten(row.lesion()), Names.shorten(covered(row)), Names.shorten(asked)));
      }
      if (covered(row).equals(covered(baseline))
          && !row.classTotals().equals(baseline.classTotals())) {
        throw new InvalidInputException(
            ("the row %s counts other images of each class than the baseline on the same"
                    + " records: %s and %s")
                .formatted(
                    Names.shorten(row.lesion()),
                    Names.shorten(row.classTotals()),
                    Names.shorten(baseline.classTotals())));
      }
    }
    for (LesionRow row : rows) {
      if (!seen.add(row.planned())) {
        throw new InvalidInputException(Names.shorten(row.lesion()) + " has two rows");
      }
    }
  }

  private static RangeSet<Integer> asked(List<RecordRange> records) {
    Require.notEmpty("the records that were asked for", records);
    RangeSet<Integer> asked = TreeRangeSet.create();
    int end = 0;
    for (RecordRange range : records) {
      if (range.from() < end) {
        throw new InvalidInputException(
            "the records that were asked for are disjoint ranges in order, got "
                + Names.shorten(records));
      }
      asked.add(Range.closedOpen(range.from(), range.end()));
      end = range.end();
    }
    return asked;
  }

  private static RangeSet<Integer> covered(LesionRow row) {
    RangeSet<Integer> covered = TreeRangeSet.create();
    row.tallies().forEach(tally -> covered.add(Range.closedOpen(tally.from(), tally.end())));
    return covered;
  }

  /** Every row has its number in the plan. */
  static void checkPlan(List<LesionRow> rows, Optional<PlanPart> plan) {
    if (plan.isPresent() && plan.get().count() != rows.size()) {
      throw new InvalidInputException(
          "the report has %s rows, but says that it has %s of its plan"
              .formatted(rows.size(), plan.get().count()));
    }
  }

  /** Which rows of which plan those of one of several joined plans are. */
  static PlanPart partOf(PlanPart joined, LesionReport report, int plan, List<LesionRow> rows) {
    if (joined.isWhole()) {
      LesionPlan own =
          new LesionPlan(
              report.provenance().architecture().size(),
              "",
              report.excluded(),
              rows.stream().map(LesionRow::planned).toList());
      return own.rowsOfPlan();
    }
    List<Integer> numbers = joined.numbers();
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      if (report.rows().get(i).planned().plan().orElse(0) == plan) {
        some.add(numbers.get(i));
      }
    }
    return PlanPart.of(joined.sha256(), joined.size(), some);
  }

  static boolean complete(LesionReport report) {
    return missing(report).isEmpty();
  }

  static List<String> missing(LesionReport report) {
    List<String> missing = new ArrayList<>();
    report
        .plan()
        .filter(plan -> plan.shard().isEmpty() && !plan.isWhole())
        .ifPresent(
            plan -> missing.add("%s of %s".formatted(words("row", plan.missing()), plan.size())));
    RangeSet<Integer> asked = asked(report.records());
    Map<RangeSet<Integer>, Integer> rowsByGap = new LinkedHashMap<>();
    List<LesionRow> all = new ArrayList<>(List.of(report.baseline()));
    all.addAll(report.rows());
    for (LesionRow row : all) {
      RangeSet<Integer> gap = TreeRangeSet.create(asked);
      gap.removeAll(covered(row));
      if (!gap.isEmpty()) {
        rowsByGap.merge(gap, 1, Integer::sum);
      }
    }
    rowsByGap.forEach(
        (gap, rows) ->
            missing.add(
                "in %s of %s rows, the intact network's included, %s"
                    .formatted(
                        rows,
                        all.size(),
                        words(
                            "record",
                            gap.asRanges().stream()
                                .map(
                                    range ->
                                        new RecordRange(
                                            range.lowerEndpoint(), range.upperEndpoint()))
                                .toList()))));
    return List.copyOf(missing);
  }

  private static String words(String what, List<RecordRange> ranges) {
    String named =
        ranges.stream()
            .limit(NAMED)
            .map(
                range ->
                    range.end() - range.from() == 1
                        ? String.valueOf(range.from())
                        : range.from() + " to " + (range.end() - 1))
            .collect(Collectors.joining(", "));
    int count = ranges.stream().mapToInt(range -> range.end() - range.from()).sum();
    return "%s %s%s"
        .formatted(count == 1 ? what : what + "s", named, ranges.size() > NAMED ? " and more" : "");
  }
}
