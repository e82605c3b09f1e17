package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.wiring.ForeignBranches;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where to cut the rows of a study so that little work is done twice. Rows are taken in the order
 * of a depth-first walk of the tree of their prefixes: the lexicographic order of their steps. A
 * group is a run of rows in that order, so what a row adds to those before it depends on the row
 * just before alone. Beside its rows, each group costs the baseline, and the outputs that take the
 * place of branches.
 *
 * <p>The cheapest cuts are found by dynamic programming: all rows up to some place cost what the
 * group that ends there does, and those before that group at their cheapest. A group never costs
 * more for losing its first row. So the starts of groups that are not too large are a range that
 * only moves forward, and the best of them is asked of a {@link RangeMinimum}.
 */
final class PlanCuts {
  private static final Interrupts INTERRUPTS = Interrupts.during("a plan was cut");

  /** How near to the smallest one the largest cost of groups is looked for, as a share of it. */
  private static final long NEAR = 1000;

  private final List<Wiring> wirings;
  private final long images;

  /** The rows in the order of the walk, numbered from 1, as their wirings are. */
  private final int[] order;

  /** Branches for each image that a row computes beside the baseline, by its place. */
  private final long[] alone;

  /** Branches for each image that all rows up to a place compute, prefixes shared. */
  private final long[] together;

  /** What the baseline costs. */
  private final long baseline;

  private final Map<BranchSource, Integer> baselineBlocks;

  /** By place. */
  private final List<Map<BranchSource, Integer>> rowBlocks = new ArrayList<>();

  /**
   * @param wirings of the baseline, then of all rows
   * @param images that each of them is run on
   */
  PlanCuts(List<Wiring> wirings, long images) {
    this.wirings = wirings;
    this.images = images;
    int[][] steps = numbered(wirings);
    this.order =
        IntStream.range(1, steps.length)
            .boxed()
            .sorted(Comparator.comparing(row -> steps[row], Arrays::compare))
            .mapToInt(Integer::intValue)
            .toArray();
    this.alone = new long[order.length];
    this.together = new long[order.length];
    this.baseline = WiringCost.of(wirings.subList(0, 1)).of(images).blockEvaluations();
    this.baselineBlocks = lastBlocks(wirings.get(0));
    walk(steps);
  }

  /** The steps of each wiring as numbers, equal ones for equal steps. */
  private static int[][] numbered(List<Wiring> wirings) {
    Map<Step, Integer> numbers = new HashMap<>();
    List<Step> baseline = wirings.get(0).steps();
    int[][] steps = new int[wirings.size()][];
    for (int i = 0; i < steps.length; i++) {
      INTERRUPTS.check(i);
      List<Step> of = wirings.get(i).steps();
      steps[i] = new int[of.size()];
      for (int j = 0; j < of.size(); j++) {
        // Most steps are the baseline's, which is told faster than by a hash.
        steps[i][j] =
            i > 0 && j < baseline.size() && of.get(j).equals(baseline.get(j))
                ? steps[0][j]
                : numbers.computeIfAbsent(of.get(j), unused -> numbers.size());
      }
    }
    return steps;
  }

  private void walk(int[][] steps) {
    int[] previous = steps[0];
    long sum = 0;
    for (int place = 0; place < order.length; place++) {
      INTERRUPTS.check(place);
      int row = order[place];
      int withBaseline = shared(steps[row], steps[0]);
      alone[place] = branchesFrom(withBaseline, row);
      sum += branchesFrom(Math.max(withBaseline, shared(steps[row], previous)), row);
      together[place] = sum;
      rowBlocks.add(lastBlocks(wirings.get(row)));
      previous = steps[row];
    }
  }

  private static int shared(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  private long branchesFrom(int step, int row) {
    List<Step> steps = wirings.get(row).steps();
    long branches = 0;
    for (int i = step; i < steps.size(); i++) {
      branches += steps.get(i).computesBranch() ? 1 : 0;
    }
    return branches;
  }

  /** The last block whose output is wanted of each source other than the branches themselves. */
  private static Map<BranchSource, Integer> lastBlocks(Wiring wiring) {
    if (!wiring.replacesBranches()) {
      return Map.of();
    }
    Map<BranchSource, Integer> blocks = new HashMap<>();
    ForeignBranches.of(List.of(wiring))
        .blocksBySource()
        .forEach((source, of) -> blocks.put(source, of.last()));
    return blocks;
  }

  /** The cheapest groups of which none costs more, but for single rows that do. */
  List<LesionPlan.Group> atMost(long maxCost) {
    return groups(starts(maxCost));
  }

  /** At most so many groups, of which the largest is about as small as it can be. */
  List<LesionPlan.Group> into(int number) {
    List<Integer> best = starts(Long.MAX_VALUE);
    if (best.isEmpty()) {
      return List.of();
    }
    long enough = groups(best).get(0).cost().blockEvaluations();
    long tooLittle = enough / number;
    while (enough - tooLittle > 1 + enough / NEAR) {
      long middle = tooLittle + (enough - tooLittle) / 2;
      List<Integer> starts = starts(middle);
      if (starts.size() <= number) {
        best = starts;
        enough = middle;
      } else {
        tooLittle = middle;
      }
    }
    return groups(best);
  }

  /** The places that the groups start at. */
  private List<Integer> starts(long maxCost) {
    // By the place a last group starts at: what it and all before it cost, but for together[end].
    RangeMinimum totals = new RangeMinimum(order.length);
    Sources sources = new Sources(totals);
    long[] cheapest = new long[order.length + 1];
    int[] lastStarts = new int[order.length + 1];
    int lowest = 0;
    for (int last = 0; last < order.length; last++) {
      INTERRUPTS.check(last);
      totals.set(last, cheapest[last] + baseline + images * (alone[last] - together[last]));
      sources.add(last);
      long rows = images * together[last];
      while (lowest < last && totals.get(lowest) - cheapest[lowest] + rows > maxCost) {
        lowest++;
      }
      int start = totals.placeOfMinimum(lowest, last + 1);
      lastStarts[last + 1] = start;
      cheapest[last + 1] = totals.get(start) + rows;
    }
    List<Integer> starts = new ArrayList<>();
    for (int end = order.length; end > 0; end = lastStarts[end]) {
      starts.add(lastStarts[end]);
    }
    Collections.reverse(starts);
    return starts;
  }

  private List<LesionPlan.Group> groups(List<Integer> starts) {
    List<LesionPlan.Group> groups = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      groups.add(group(starts.get(i), i + 1 < starts.size() ? starts.get(i + 1) : order.length));
    }
    return groups;
  }

  private LesionPlan.Group group(int start, int end) {
    List<Integer> rows = Arrays.stream(order, start, end).sorted().boxed().toList();
    List<Wiring> all = new ArrayList<>(List.of(wirings.get(0)));
    rows.forEach(row -> all.add(wirings.get(row)));
    long shared =
        wirings.get(0).blockEvaluations() + alone[start] + together[end - 1] - together[start];
    long apart = all.stream().mapToLong(Wiring::blockEvaluations).sum();
    Cost cost = WiringCost.of(shared, apart, ForeignBranches.of(all)).of(images);
    return new LesionPlan.Group(rows, cost);
  }

  /**
   * What outputs from elsewhere cost a group beside those of the baseline: of each source it is run
   * up to the last block that any row of the group wants.
   */
  private final class Sources {
    /** Groups that start here want the outputs of a source up to the same block. */
    private record Alike(int from, int end, int block) {}

    private final RangeMinimum totals;

    /** By growing places and falling blocks, the last on top. */
    private final Map<BranchSource, Deque<Alike>> alike = new HashMap<>();

    Sources(RangeMinimum totals) {
      this.totals = totals;
    }

    /** Adds what a row costs to the groups that start there or before. */
    void add(int place) {
      rowBlocks
          .get(place)
          .forEach(
              (source, block) -> {
                if (block > baselineBlocks.getOrDefault(source, 0)) {
                  add(source, block, place);
                }
              });
    }

    private void add(BranchSource source, int block, int place) {
      Deque<Alike> before = alike.computeIfAbsent(source, unused -> new ArrayDeque<>());
      int seen = before.isEmpty() ? 0 : before.getLast().end();
      before.addLast(new Alike(seen, place + 1, baselineBlocks.getOrDefault(source, 0)));
      int from = place + 1;
      while (!before.isEmpty() && before.getLast().block() < block) {
        Alike less = before.removeLast();
        totals.add(less.from(), less.end(), evaluations(source) * (block - less.block()));
        from = less.from();
      }
      before.addLast(new Alike(from, place + 1, block));
    }

    /** What one block of a source costs: means are taken of all their images, whatever is run. */
    private long evaluations(BranchSource source) {
      return source instanceof BranchSource.Mean mean ? mean.reference().count() : images;
    }
  }
}
