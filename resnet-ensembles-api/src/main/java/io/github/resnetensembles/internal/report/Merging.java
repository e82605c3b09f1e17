package io.github.resnetensembles.internal.report;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.Fingerprint;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.PlannedLesion;
import io.github.resnetensembles.Provenance;
import io.github.resnetensembles.RecordRange;
import io.github.resnetensembles.Tally;
import java.util.ArrayList;
import java.util.Comparator;
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
 * merging cannot matter. Tallies of adjacent ranges stay apart for the same reason.
 */
public final class Merging {
  private Merging() {}

  public static LesionReport merge(List<LesionReport> reports, boolean allowUnverified) {
    if (reports.isEmpty()) {
      throw new MergeException("there is nothing to merge: give at least one report");
    }
    LesionReport first = reports.get(0);
    reports.forEach(report -> checkSameStudy(first, report));
    Optional<Fingerprint> fingerprint = Fingerprints.merged(reports, allowUnverified);
    Map<PlannedLesion, LesionRow> rows = new LinkedHashMap<>();
    Set<Tally> baseline = new LinkedHashSet<>();
    RangeSet<Integer> records = TreeRangeSet.create();
    Cost cost = new Cost(0, 0);
    List<Provenance.Run> runs = new ArrayList<>();
    for (LesionReport report : reports) {
      baseline.addAll(report.baseline().tallies());
      for (LesionRow row : report.rows()) {
        rows.merge(row.planned(), row, Merging::join);
      }
      report.records().forEach(range -> records.add(Range.closedOpen(range.from(), range.to())));
      cost = cost.plus(report.cost());
      runs.addAll(report.provenance().runs());
    }
    List<Tally> baselineTallies = sorted(baseline);
    checkDisjoint("the baselines", baselineTallies);
    runs.sort(Comparator.comparing(Provenance.Run::toString));
    return new LesionReport(
        first.base(),
        new LesionRow(first.baseline().planned(), first.baseline().order(), baselineTallies),
        rows.values().stream()
            .sorted(Comparator.comparing(LesionRow::planned, LesionOrder.PLANNED))
            .toList(),
        first.excluded(),
        cost,
        records.asRanges().stream()
            .map(range -> new RecordRange(range.lowerEndpoint(), range.upperEndpoint()))
            .toList(),
        first.provenance().withRuns(runs).withFingerprint(fingerprint));
  }

  private static LesionRow join(LesionRow a, LesionRow b) {
    List<Tally> all = new ArrayList<>(a.tallies());
    all.addAll(b.tallies());
    List<Tally> tallies = sorted(all);
    checkDisjoint("the results of " + a.lesion(), tallies);
    return new LesionRow(a.planned(), a.order(), tallies);
  }

  private static List<Tally> sorted(Iterable<Tally> tallies) {
    List<Tally> list = new ArrayList<>();
    tallies.forEach(list::add);
    list.sort(Comparator.comparingInt(Tally::from).thenComparingInt(Tally::total));
    return list;
  }

  private static void checkDisjoint(String what, List<Tally> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      Tally previous = sorted.get(i - 1);
      Tally next = sorted.get(i);
      if (next.from() < previous.to()) {
        boolean same = next.from() == previous.from() && next.total() == previous.total();
        throw new MergeException(
            what
                + (same ? " disagree on the records " : " overlap: the records ")
                + new RecordRange(previous.from(), previous.to())
                + (same ? "" : " and " + new RecordRange(next.from(), next.to()))
                + "; merge each shard once, and only shards of one study");
      }
    }
  }

  private static void checkSameStudy(LesionReport a, LesionReport b) {
    same("network", a, b, r -> r.provenance().architecture());
    same("weights", a, b, r -> r.provenance().weightsSha256());
    same("training state", a, b, r -> r.provenance().trained());
    same("data", a, b, r -> r.provenance().dataSha256());
    same("name of the data", a, b, r -> r.provenance().data());
    same("precision", a, b, r -> r.provenance().precision());
    same("batch size", a, b, r -> r.provenance().batchSize());
    same("lesion of the view", a, b, LesionReport::base);
    same("excluded blocks", a, b, LesionReport::excluded);
    same("number of classes", a, b, r -> r.baseline().classTotals().size());
  }

  private static void same(
      String what, LesionReport a, LesionReport b, Function<LesionReport, Object> property) {
    if (!Objects.equals(property.apply(a), property.apply(b))) {
      throw new MergeException(
          "the reports differ in their "
              + what
              + ": "
              + property.apply(a)
              + " and "
              + property.apply(b)
              + "; only shards of one study can be merged");
    }
  }

  public static boolean complete(LesionReport report) {
    return covers(report.records(), report.baseline())
        && report.rows().stream().allMatch(row -> covers(report.records(), row));
  }

  private static boolean covers(List<RecordRange> records, LesionRow row) {
    RangeSet<Integer> done = TreeRangeSet.create();
    row.tallies().forEach(tally -> done.add(Range.closedOpen(tally.from(), tally.to())));
    return records.stream()
        .allMatch(range -> done.encloses(Range.closedOpen(range.from(), range.to())));
  }

  /** Refuses a report that was read from a file and contradicts itself. */
  static void check(LesionReport report) {
    try {
      checkDisjoint("the baseline's tallies", sorted(report.baseline().tallies()));
      Set<PlannedLesion> seen = new LinkedHashSet<>();
      for (LesionRow row : report.rows()) {
        checkDisjoint("the tallies of " + row.lesion(), sorted(row.tallies()));
        if (!seen.add(row.planned())) {
          throw new MergeException(row.lesion() + " has two rows");
        }
      }
    } catch (MergeException e) {
      throw new InvalidJsonException("the report contradicts itself: " + e.getMessage(), e);
    }
  }
}
