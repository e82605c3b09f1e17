package io.github.resnetensembles.lesion;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The union of tallies of one wiring: adjacent ranges of records become one, and what is there more
 * than once must agree. A range may overlap others where these, side by side, cover it: sums of
 * losses cannot be cut.
 */
final class TallyUnion {
  private final String what;

  private TallyUnion(String what) {
    this.what = what;
  }

  /** The disjoint tallies, by first record; {@code what} names them in errors. */
  static List<Tally> of(String what, Collection<Tally> tallies) {
    List<Tally> sorted =
        tallies.stream()
            .distinct()
            .sorted(Comparator.comparingInt(Tally::from).thenComparingInt(tally -> -tally.end()))
            .toList();
    TallyUnion union = new TallyUnion(what);
    List<Tally> united = new ArrayList<>();
    int start = 0;
    int end = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (i > start && sorted.get(i).from() > end) {
        united.add(union.unite(sorted.subList(start, i)));
        start = i;
      }
      end = Math.max(end, sorted.get(i).end());
    }
    if (!sorted.isEmpty()) {
      united.add(union.unite(sorted.subList(start, sorted.size())));
    }
    return List.copyOf(united);
  }

  /** Tallies whose ranges make up one range. */
  private Tally unite(List<Tally> tallies) {
    if (tallies.size() == 1) {
      return tallies.get(0);
    }
    int from = tallies.get(0).from();
    int to = tallies.stream().mapToInt(Tally::end).max().orElseThrow();
    Sums all = sums(tallies, from, to);
    BitSet known = new BitSet();
    BitSet correct = new BitSet();
    BitSet skipped = new BitSet();
    BitSet top5 = new BitSet();
    // What one of them does not know, all of them do not.
    boolean top5Known = tallies.stream().allMatch(tally -> tally.top5Bits().isPresent());
    for (Tally tally : tallies) {
      int offset = tally.from() - from;
      int end = tally.end() - from;
      BitSet seen = known.get(offset, end);
      if (differ(correct.get(offset, end), tally.correct(), seen)
          || differ(skipped.get(offset, end), tally.skipped(), seen)
          || (top5Known && differ(top5.get(offset, end), tally.top5().orElseThrow(), seen))
          || !all.holds(tally)) {
        throw disagreement(tally);
      }
      tally.correct().stream().forEach(bit -> correct.set(offset + bit));
      tally.skipped().stream().forEach(bit -> skipped.set(offset + bit));
      tally.top5().orElseGet(BitSet::new).stream().forEach(bit -> top5.set(offset + bit));
      known.set(offset, end);
    }
    Tally united =
        Tally.of(
            from, correct, skipped, all.nonFinite, all.lossUnits, all.classTotals, all.classWrong);
    Tally measured = united.withMetrics(all.metrics);
    Tally valued =
        tallies.get(0).imageValues().isPresent()
            ? measured.withImageValues(imageValues(tallies, from, skipped, united.total()))
            : measured;
    return top5Known ? valued.withTop5(top5) : valued;
  }

  /** Loss and margin of every record that was evaluated, which all tallies have. */
  private Tally.ImageValues imageValues(List<Tally> tallies, int from, BitSet skipped, int total) {
    double[] losses = new double[total];
    double[] margins = new double[total];
    BitSet known = new BitSet();
    for (Tally tally : tallies) {
      Tally.ImageValues values = tally.imageValues().orElseThrow();
      double[] someLosses = values.lossValues();
      double[] someMargins = values.marginValues();
      int first = tally.from() - from;
      int at = first - skipped.get(0, first).cardinality();
      for (int i = 0; i < someLosses.length; i++) {
        if (known.get(at + i)
            && (Double.compare(losses[at + i], someLosses[i]) != 0
                || Double.compare(margins[at + i], someMargins[i]) != 0)) {
          throw disagreement(tally);
        }
        losses[at + i] = someLosses[i];
        margins[at + i] = someMargins[i];
      }
      known.set(at, at + someLosses.length);
    }
    return Tally.ImageValues.of(losses, margins);
  }

  private static boolean differ(BitSet before, BitSet now, BitSet seen) {
    before.xor(now);
    return before.intersects(seen);
  }

  /** Sums from the first record on, wherever a chain of ranges ends; all chains must agree. */
  private Sums sums(List<Tally> tallies, int from, int to) {
    Map<Integer, Sums> sumsByEnd = new HashMap<>();
    for (Tally tally : tallies) {
      Sums before = tally.from() == from ? Sums.NONE : sumsByEnd.get(tally.from());
      if (before != null) {
        Sums after = before.plus(tally);
        Sums other = sumsByEnd.putIfAbsent(tally.end(), after);
        if (other != null && !other.equals(after)) {
          throw disagreement(tally);
        }
      }
    }
    Sums all = sumsByEnd.get(to);
    if (all == null) {
      throw overlap(tallies);
    }
    return all;
  }

  private MergeException disagreement(Tally tally) {
    return new MergeException(
        "%s disagree on the records %s; merge only shards of one study"
            .formatted(what, new RecordRange(tally.from(), tally.end())));
  }

  /** Where no chain of ranges reaches the end, one begins inside another and ends behind it. */
  private MergeException overlap(List<Tally> tallies) {
    Tally first = tallies.get(0);
    for (Tally second : tallies) {
      if (second.end() > first.end()) {
        if (second.from() < first.end()) {
          return new MergeException(
              "%s overlap: the records %s and %s; merge shards whose records do not overlap"
                  .formatted(
                      what,
                      new RecordRange(first.from(), first.end()),
                      new RecordRange(second.from(), second.end())));
        }
        first = second;
      }
    }
    throw new IllegalStateException("no overlap in " + tallies);
  }

  private record Sums(
      int wrong,
      int nonFinite,
      BigInteger lossUnits,
      List<Integer> classTotals,
      List<Integer> classWrong,
      Map<String, Tally.MetricSum> metrics) {
    static final Sums NONE = new Sums(0, 0, BigInteger.ZERO, List.of(), List.of(), Map.of());

    Sums plus(Tally tally) {
      return new Sums(
          Math.addExact(wrong, tally.wrong()),
          Math.addExact(nonFinite, tally.nonFinite()),
          lossUnits.add(tally.lossUnits()),
          Tallies.plus(classTotals, tally.classTotals()),
          Tallies.plus(classWrong, tally.classWrong()),
          MetricSums.plus(metrics, tally.metrics()));
    }

    /** Whether nothing of a part exceeds these sums. */
    boolean holds(Tally part) {
      return part.nonFinite() <= nonFinite
          && part.lossUnits().compareTo(lossUnits) <= 0
          && part.metrics().entrySet().stream()
              .allMatch(entry -> holds(entry.getKey(), entry.getValue()))
          && holds(classTotals, part.classTotals())
          && holds(classWrong, part.classWrong());
    }

    private boolean holds(String metric, Tally.MetricSum part) {
      Tally.MetricSum sum = metrics.get(metric);
      return sum != null && part.squares().compareTo(sum.squares()) <= 0;
    }

    private static boolean holds(List<Integer> sums, List<Integer> parts) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) > sums.get(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
