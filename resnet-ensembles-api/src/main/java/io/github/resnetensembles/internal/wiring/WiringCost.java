package io.github.resnetensembles.internal.wiring;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.network.Wiring;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What wirings that are run together cost.
 *
 * @param once the means over reference sets, whatever the number of images
 * @param image one image, with shared prefixes computed once
 * @param imageWithoutReuse one image, if every wiring were run on its own
 */
public record WiringCost(long once, long image, long imageWithoutReuse) {
  public static WiringCost of(List<Wiring> wirings) {
    return of(new PrefixTree(wirings), ForeignBranches.of(wirings));
  }

  public static WiringCost of(PrefixTree tree, ForeignBranches foreign) {
    return of(tree.blockEvaluations(), tree.blockEvaluationsWithoutReuse(), foreign);
  }

  /**
   * Of branches that were counted elsewhere.
   *
   * @param shared those of one image, prefixes shared
   * @param apart those of one image, were every wiring run on its own
   */
  public static WiringCost of(long shared, long apart, ForeignBranches foreign) {
    long donors = foreign.donorEvaluations();
    return new WiringCost(foreign.meanEvaluations(), shared + donors, apart + donors);
  }

  /**
   * What one run costs in which not all wirings are evaluated on the same records.
   *
   * @param wirings that are run
   * @param records those of each wiring, as ranges that begin with their first record and end
   *     before the one after the last
   */
  public static Cost of(List<Wiring> wirings, List<RangeSet<Integer>> records) {
    Cost cost = new WiringCost(of(wirings).once(), 0, 0).of(0);
    for (Map.Entry<BitSet, Long> part : recordsByWirings(records).entrySet()) {
      WiringCost together = of(part.getKey().stream().mapToObj(wirings::get).toList());
      cost =
          cost.plus(
              new WiringCost(0, together.image(), together.imageWithoutReuse())
                  .of(part.getValue()));
    }
    return cost;
  }

  /** How many records there are for which just these wirings are evaluated. */
  private static Map<BitSet, Long> recordsByWirings(List<RangeSet<Integer>> records) {
    TreeMap<Integer, BitSet> changes = new TreeMap<>();
    for (int wiring = 0; wiring < records.size(); wiring++) {
      for (Range<Integer> range : records.get(wiring).asRanges()) {
        changes.computeIfAbsent(range.lowerEndpoint(), record -> new BitSet()).flip(wiring);
        changes.computeIfAbsent(range.upperEndpoint(), record -> new BitSet()).flip(wiring);
      }
    }
    Map<BitSet, Long> numbers = new HashMap<>();
    BitSet running = new BitSet();
    int from = 0;
    for (Map.Entry<Integer, BitSet> change : changes.entrySet()) {
      if (!running.isEmpty()) {
        numbers.merge((BitSet) running.clone(), (long) change.getKey() - from, Long::sum);
      }
      running.xor(change.getValue());
      from = change.getKey();
    }
    return numbers;
  }

  /** The cost for so many images. */
  public Cost of(long images) {
    return new Cost(once + image * images, once + imageWithoutReuse * images);
  }
}
