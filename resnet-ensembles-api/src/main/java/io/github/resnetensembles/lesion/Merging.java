package io.github.resnetensembles.lesion;

import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Merging of reports. A report is a set of (row, tally) pairs beside a set of baseline tallies;
 * merging is the union of the sets, refused if two elements contradict each other, so the order of
 * merging cannot matter. The result is what one run of all rows and records gives; only the
 * provenance tells the runs apart.
 */
final class Merging {
  private static final Interrupts INTERRUPTS = Interrupts.during("reports were merged");

  private Merging() {}

  static LesionReport merge(List<LesionReport> reports, boolean allowUnverified) {
    if (reports.isEmpty()) {
      throw new MergeException("there is nothing to merge: give at least one report");
    }
    LesionReport first = reports.get(0);
    reports.forEach(report -> checkSameStudy(first, report));
    Optional<Fingerprint> fingerprint = Fingerprints.merged(reports, allowUnverified);
    Map<PlannedLesion, LesionRow> firstRows = new LinkedHashMap<>();
    ListMultimap<PlannedLesion, Tally> tallies = LinkedListMultimap.create();
    List<Tally> baselineTallies = new ArrayList<>();
    RangeSet<Integer> records = TreeRangeSet.create();
    Set<Provenance.Run> runs = new LinkedHashSet<>();
    long merged = 0;
    for (LesionReport report : reports) {
      baselineTallies.addAll(report.baseline().tallies());
      for (LesionRow row : report.rows()) {
        INTERRUPTS.check(merged++);
        firstRows.putIfAbsent(row.planned(), row);
        tallies.putAll(row.planned(), row.tallies());
      }
      report.records().forEach(range -> records.add(Range.closedOpen(range.from(), range.end())));
      runs.addAll(report.provenance().runs());
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
    Provenance provenance =
        first.provenance().toBuilder()
            .runs(runs.stream().sorted(Comparator.comparing(Provenance.Run::toString)).toList())
            .fingerprint(fingerprint)
            .build();
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
            && parts.stream().map(part -> List.of(part.sha256(), part.size())).distinct().count()
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

  private static void checkSameStudy(LesionReport a, LesionReport b) {
    same("network", a, b, r -> r.provenance().architecture());
    same("weights", a, b, r -> r.provenance().weightsSha256());
    same("training state", a, b, r -> r.provenance().trained());
    same("data", a, b, r -> r.provenance().dataSha256());
    same("name of the data", a, b, r -> r.provenance().data());
    same("published data set", a, b, r -> r.provenance().dataset());
    same("precision", a, b, r -> r.provenance().precision());
    same("batch size", a, b, r -> r.provenance().batchSize());
    same("lesion of the view", a, b, LesionReport::base);
    same("excluded blocks", a, b, LesionReport::excluded);
    same("number of classes", a, b, r -> r.baseline().classTotals().size());
    same("metrics", a, b, r -> r.baseline().tallies().get(0).metrics().keySet());
    same(
        "values of single images",
        a,
        b,
        r -> r.baseline().tallies().get(0).imageValues().isPresent() ? "some" : "none");
  }

  private static void same(
      String what, LesionReport a, LesionReport b, Function<LesionReport, Object> property) {
    if (!Objects.equals(property.apply(a), property.apply(b))) {
      throw new MergeException(
          String.format(
              "the reports differ in their %s: %s and %s; only shards of one study can be merged",
              what, property.apply(a), property.apply(b)));
    }
  }
}
