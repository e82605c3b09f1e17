package io.github.resnetensembles.lesion;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.List;

/** What the rows and records of a report cost as one run, however they were computed. */
final class StudyCost {
  private StudyCost() {}

  static Cost of(Architecture architecture, Lesion base, LesionRow baseline, List<LesionRow> rows) {
    List<LesionRow> all = new ArrayList<>(List.of(baseline));
    all.addAll(rows);
    List<Wiring> wirings =
        all.stream().map(row -> base.then(row.lesion()).applyTo(architecture)).toList();
    return WiringCost.of(wirings, all.stream().map(StudyCost::records).toList());
  }

  private static RangeSet<Integer> records(LesionRow row) {
    RangeSet<Integer> records = TreeRangeSet.create();
    row.tallies().forEach(tally -> records.add(Range.closedOpen(tally.from(), tally.end())));
    return records;
  }
}
