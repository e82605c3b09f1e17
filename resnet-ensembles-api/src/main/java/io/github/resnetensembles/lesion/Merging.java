package io.github.resnetensembles.lesion;

import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.merging.SameStudy;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merging of reports. A report is a set of (row, tally) pairs beside a set of baseline tallies;
 * merging is the union of the sets, refused if two elements contradict each other, so the order of
 * merging cannot matter. The result is what one run of all rows and records gives; only the
 * provenance tells the runs apart.
 */
final class Merging {
  private static final Interrupts INTERRUPTS = Interrupts.during("reports were merged");

  private Merging() {}

  static LesionReport merge(List<LesionReport> reports, MergeOption... options) {
    checkSameStudy(reports);
    Provenance provenance =
        Provenance.merge(reports.stream().map(LesionReport::provenance).toList(), options);
    LesionReport first = reports.get(0);
    Map<PlannedLesion, LesionRow> firstRows = new LinkedHashMap<>();
    ListMultimap<PlannedLesion, Tally> tallies = LinkedListMultimap.create();
    List<Tally> baselineTallies = new ArrayList<>();
    RangeSet<Integer> records = TreeRangeSet.create();
    long merged = 0;
    for (LesionReport report : reports) {
      baselineTallies.addAll(report.baseline().tallies());
      for (LesionRow row : report.rows()) {
        INTERRUPTS.check(merged++);
        firstRows.putIfAbsent(row.planned(), row);
        tallies.putAll(row.planned(), row.tallies());
      }
      report.records().forEach(range -> records.add(Range.closedOpen(range.from(), range.end())));
    }
    checkPlans(firstRows.keySet());
    Optional<PlanPart> plan = plan(reports);
    List<LesionRow> united =
        firstRows.values().stream()
            .map(row -> united("the results of " + row.lesion(), row, tallies.get(row.planned())))
            .toList();
    List<LesionRow> rows =
        plan.isPresent() ? inPlan(united, reports) : LesionOrder.sorted(united, LesionRow::planned);
    LesionRow baseline = united("the baselines", first.baseline(), baselineTallies);
    return new LesionReport(
        first.base(),
        baseline,
        rows,
        first.excluded(),
        StudyCost.of(provenance.architecture(), first.base(), baseline, rows),
        records.asRanges().stream()
            .map(range -> new RecordRange(range.lowerEndpoint(), range.upperEndpoint()))
            .toList(),
        provenance,
        plan);
  }

  /** Which rows of the plan all have together; empty if that is not one plan, known to all. */
  private static Optional<PlanPart> plan(List<LesionReport> reports) {
    List<PlanPart> parts = reports.stream().flatMap(report -> report.plan().stream()).toList();
    boolean one =
        parts.size() == reports.size()
            && parts.stream().map(part -> part.sha256() + " " + part.size()).distinct().count()
                == 1;
    return one ? Optional.of(PlanPart.union(parts)) : Optional.empty();
  }

  /** By the rows' numbers in their plan. */
  private static List<LesionRow> inPlan(List<LesionRow> rows, List<LesionReport> reports) {
    Map<PlannedLesion, Integer> numbers = new HashMap<>();
    for (LesionReport report : reports) {
      List<Integer> own = report.plan().orElseThrow().numbers();
      for (int i = 0; i < own.size(); i++) {
        numbers.put(report.rows().get(i).planned(), own.get(i));
      }
    }
    return rows.stream()
        .sorted(Comparator.comparing(row -> numbers.getOrDefault(row.planned(), 0)))
        .toList();
  }

  private static void checkPlans(Set<PlannedLesion> rows) {
    long joined = rows.stream().filter(row -> row.plan().isPresent()).count();
    if (joined > 0 && joined < rows.size()) {
      throw new MergeException(
          "some of the reports are of joined plans and others are not; only shards of one study"
              + " can be merged");
    }
  }

  private static LesionRow united(String what, LesionRow row, List<Tally> tallies) {
    INTERRUPTS.check();
    return new LesionRow(row.planned(), row.order(), TallyUnion.of(what, tallies));
  }

  static void checkSameStudy(List<LesionReport> reports) {
    SameStudy<LesionReport> study = new SameStudy<>(reports);
    // First, since the metrics and classes of another network are others, too.
    study.require("network", report -> report.provenance().architecture());
    study.require("lesion of the view", LesionReport::base);
    study.require("excluded blocks", LesionReport::excluded);
    study.require("number of classes", report -> report.baseline().classTotals().size());
    study.require("metrics", report -> tally(report).metrics().keySet());
    study.require(
        "values of single images",
        report -> tally(report).imageValues().isPresent() ? "some" : "none");
  }

  private static Tally tally(LesionReport report) {
    return report.baseline().tallies().get(0);
  }
}
