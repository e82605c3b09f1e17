package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rows and records of a report cost as one run, however they were computed. */
final class StudyCost {
  private StudyCost() {}

  static Cost of(Architecture architecture, Lesion base, LesionRow baseline, List<LesionRow> rows) {
    List<LesionRow> all = new ArrayList<>(List.of(baseline));
    all.addAll(rows);
    List<Wiring> wirings =
        all.stream().map(row -> base.then(row.lesion()).applyTo(architecture)).toList();
    Cost cost = new WiringCost(WiringCost.of(wirings).once(), 0, 0).of(0);
    for (Map.Entry<BitSet, Long> part : recordsByRows(all).entrySet()) {
      WiringCost together = WiringCost.of(part.getKey().stream().mapToObj(wirings::get).toList());
      cost =
          cost.plus(
              new WiringCost(0, together.image(), together.imageWithoutReuse())
                  .of(part.getValue()));
    }
    return cost;
  }

  /** How many records there are for which just these rows were evaluated. */
  private static Map<BitSet, Long> recordsByRows(List<LesionRow> rows) {
    TreeMap<Integer, BitSet> changes = new TreeMap<>();
    for (int row = 0; row < rows.size(); row++) {
      for (Tally tally : rows.get(row).tallies()) {
        changes.computeIfAbsent(tally.from(), record -> new BitSet()).flip(row);
        changes.computeIfAbsent(tally.end(), record -> new BitSet()).flip(row);
      }
    }
    Map<BitSet, Long> records = new HashMap<>();
    BitSet running = new BitSet();
    int from = 0;
    for (Map.Entry<Integer, BitSet> change : changes.entrySet()) {
      if (!running.isEmpty()) {
        records.merge((BitSet) running.clone(), (long) change.getKey() - from, Long::sum);
      }
      running.xor(change.getValue());
      from = change.getKey();
    }
    return records;
  }
}
