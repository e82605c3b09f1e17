package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.merging.SameStudy;
import io.github.resnetensembles.lesion.SequentialReport.Round;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What several processes measured of one sequential study. */
final class SequentialMerging {
  private SequentialMerging() {}

  static SequentialReport merge(List<SequentialReport> results, MergeOption... options) {
    SameStudy<SequentialReport> study = new SameStudy<>(results);
    List<LesionReport> reports = results.stream().map(SequentialReport::report).toList();
    Merging.checkSameStudy(reports);
    study.require("design", SequentialReport::design);
    SequentialReport furthest =
        results.stream()
            .max(Comparator.comparingInt(result -> result.rounds().size()))
            .orElseThrow();
    study.require(
        "rounds",
        result -> furthest.rounds().subList(0, result.rounds().size()).equals(result.rounds()));
    Provenance provenance =
        Provenance.merge(reports.stream().map(LesionReport::provenance).toList(), options);
    Map<PlannedLesion, LesionRow> rows = new LinkedHashMap<>();
    for (LesionReport report : reports) {
      report.rows().forEach(row -> rows.merge(row.planned(), row, SequentialMerging::united));
    }
    LesionRow baseline =
        reports.stream()
            .map(LesionReport::baseline)
            .reduce(SequentialMerging::united)
            .orElseThrow();
    LesionReport first = reports.get(0);
    List<LesionRow> all = List.copyOf(rows.values());
    SequentialReport merged =
        new SequentialReport(
            furthest.design(),
            furthest.rounds(),
            results.stream().flatMap(result -> result.end().stream()).findFirst(),
            new LesionReport(
                first.base(),
                baseline,
                all,
                first.excluded(),
                StudyCost.of(provenance.architecture(), first.base(), baseline, all),
                records(baseline),
                provenance));
    return merged.hasAll() ? merged.costing(total(merged.rounds())) : merged;
  }

  private static Cost total(List<Round> rounds) {
    return rounds.stream().map(Round::cost).reduce(Cost::plus).orElseThrow();
  }

  /** One tally for each batch; what is there twice counts once. */
  private static LesionRow united(LesionRow one, LesionRow other) {
    SortedMap<Integer, Tally> tallies = new TreeMap<>();
    one.tallies().forEach(tally -> tallies.put(tally.from(), tally));
    for (Tally tally : other.tallies()) {
      Tally known = tallies.putIfAbsent(tally.from(), tally);
      if (known != null && !known.equals(tally)) {
        throw new MergeException(
            "the results of %s on the records from %s on disagree: %s and %s wrong"
                .formatted(
                    Names.shorten(one.lesion()), tally.from(), known.wrong(), tally.wrong()));
      }
    }
    return new LesionRow(one.planned(), one.order(), List.copyOf(tallies.values()));
  }

  private static List<RecordRange> records(LesionRow baseline) {
    List<RecordRange> records = new ArrayList<>();
    baseline.tallies().forEach(tally -> records.add(new RecordRange(tally.from(), tally.end())));
    return records;
  }

  /** The rows by k and draw, wherever they come from. */
  static LesionReport sorted(LesionReport report) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        LesionOrder.sorted(report.rows(), LesionRow::planned),
        report.excluded(),
        report.cost(),
        report.records(),
        report.provenance());
  }
}
