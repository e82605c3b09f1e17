package io.github.resnetensembles.lesion;

import com.google.common.collect.Comparators;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.math.LongMath;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.lesion.PlanSettings.Takes;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;

/** How plans are drawn. */
final class PlanBuilders {
  private static final int MAX_SUBSET_BLOCKS = 16;

  private static final Interrupts INTERRUPTS = Interrupts.during("lesions were drawn");

  private PlanBuilders() {}

  static PlanSettings deleteEach() {
    return new PlanSettings(
        "delete each block",
        Takes.EXCLUSION,
        (architecture, settings) ->
            candidates(architecture, settings).stream()
                .map(number -> PlannedLesion.of(Lesion.delete(number)))
                .toList());
  }

  static PlanSettings deleteEachSkip() {
    return new PlanSettings(
        "delete each skip connection",
        Takes.EXCLUSION,
        (architecture, settings) ->
            candidates(architecture, settings).stream()
                .filter(number -> !architecture.block(number).spec().plain())
                .map(number -> PlannedLesion.of(Lesion.deleteSkip(number)))
                .toList());
  }

  static PlanSettings deleteInRandomOrder() {
    return new PlanSettings(
        "delete all blocks one after the other in random orders",
        Takes.DRAWS,
        (architecture, settings) -> {
          List<Integer> blocks = candidates(architecture, settings);
          checkSize((long) blocks.size() * settings.drawsOrOne());
          List<List<Integer>> orders = new ArrayList<>();
          for (int draw = 1; draw <= settings.drawsOrOne(); draw++) {
            INTERRUPTS.check(draw);
            UniformRandomProvider rng = Generators.of(settings.seedOrZero(), "order", 0, draw);
            orders.add(firstOfShuffled(rng, blocks, blocks.size()));
          }
          return rows(
              1,
              blocks.size(),
              settings,
              (k, draw) -> new Lesion.Delete(Set.copyOf(orders.get(draw - 1).subList(0, k))));
        });
  }

  static PlanSettings deletePairs() {
    return new PlanSettings(
        "delete every pair of blocks",
        Takes.EXCLUSION,
        (architecture, settings) -> {
          List<Integer> blocks = candidates(architecture, settings);
          checkSize((long) blocks.size() * (blocks.size() - 1) / 2);
          List<PlannedLesion> rows = new ArrayList<>();
          for (int i = 0; i < blocks.size(); i++) {
            for (int j = i + 1; j < blocks.size(); j++) {
              INTERRUPTS.check(rows.size());
              rows.add(PlannedLesion.of(Lesion.delete(blocks.get(i), blocks.get(j))));
            }
          }
          return rows;
        });
  }

  static PlanSettings deleteSubsets() {
    return new PlanSettings(
        "delete every set of blocks",
        Takes.EXCLUSION,
        (architecture, settings) -> {
          List<Integer> blocks = candidates(architecture, settings);
          if (blocks.size() > MAX_SUBSET_BLOCKS) {
            throw new InvalidLesionException(
                ("all sets of %s blocks are too many; at most %s blocks can be taken, so"
                        + " exclude some or draw random ones")
                    .formatted(blocks.size(), MAX_SUBSET_BLOCKS));
          }
          List<PlannedLesion> rows = new ArrayList<>();
          for (Set<Integer> set : Sets.powerSet(new LinkedHashSet<>(blocks))) {
            rows.add(PlannedLesion.of(set.isEmpty() ? Lesion.intact() : new Lesion.Delete(set)));
          }
          return LesionOrder.sorted(rows, row -> row);
        });
  }

  static PlanSettings of(List<Lesion> lesions) {
    if (lesions.isEmpty()) {
      throw new InvalidLesionException("the plan is empty: it needs at least one lesion");
    }
    List<PlannedLesion> rows = lesions.stream().map(PlannedLesion::of).toList();
    return new PlanSettings("run given lesions", Takes.NOTHING, (architecture, settings) -> rows);
  }

  static PlanSettings deleteRandom(int from, int to) {
    checkRange(from, to, "blocks to delete");
    return new PlanSettings(
        "delete " + from + " to " + to + " random blocks",
        Takes.DRAWS,
        (architecture, settings) ->
            draws(
                "delete",
                from,
                to,
                settings,
                candidates(architecture, settings),
                Lesion.Delete::new));
  }

  static PlanSettings duplicateRandom(int from, int to) {
    checkRange(from, to, "blocks to duplicate");
    return new PlanSettings(
        "duplicate " + from + " to " + to + " random blocks",
        Takes.DRAWS,
        (architecture, settings) ->
            draws(
                "duplicate",
                from,
                to,
                settings,
                movable(architecture, settings),
                Lesion.Duplicate::new));
  }

  static PlanSettings swapRandom(int from, int to) {
    checkRange(from, to, "pairs to swap");
    return new PlanSettings(
        "swap " + from + " to " + to + " random pairs of blocks inside stages",
        Takes.DRAWS,
        (architecture, settings) -> {
          Set<Integer> movable = Set.copyOf(movable(architecture, settings));
          List<List<Integer>> stages =
              architecture.stages().stream()
                  .map(stage -> stage.stream().filter(movable::contains).toList())
                  .filter(stage -> stage.size() >= 2)
                  .toList();
          long pairs = stages.stream().mapToLong(PlanBuilders::orderedPairs).sum();
          if (to > pairs) {
            throw tooMany(to, "distinct ordered pairs to swap", pairs);
          }
          return rows(
              from,
              to,
              settings,
              (k, draw) ->
                  drawSwap(Generators.of(settings.seedOrZero(), "swap", k, draw), stages, k));
        });
  }

  /** The authors' sampler, but for the intact order: see {@link LesionPlan#swapRandom}. */
  private static Lesion drawSwap(UniformRandomProvider rng, List<List<Integer>> stages, int k) {
    long pairs = stages.stream().mapToLong(PlanBuilders::orderedPairs).sum();
    // All pairs of stages of two blocks swap each of them twice; else some order differs.
    boolean reorders = k < pairs || stages.stream().anyMatch(stage -> stage.size() > 2);
    List<Lesion.Pair> drawn = drawPairs(rng, stages, k);
    while (reorders && keepsOrder(drawn)) {
      drawn = drawPairs(rng, stages, k);
    }
    return new Lesion.Swap(drawn);
  }

  private static long orderedPairs(List<Integer> stage) {
    return (long) stage.size() * (stage.size() - 1);
  }

  /** Whether swaps, one after the other, leave every block in its place. */
  private static boolean keepsOrder(List<Lesion.Pair> swaps) {
    Map<Integer, Integer> places = new HashMap<>();
    for (Lesion.Pair swap : swaps) {
      int first = places.getOrDefault(swap.first(), swap.first());
      int second = places.getOrDefault(swap.second(), swap.second());
      places.put(swap.first(), second);
      places.put(swap.second(), first);
    }
    return places.entrySet().stream().allMatch(place -> place.getKey().equals(place.getValue()));
  }

  private static List<Lesion.Pair> drawPairs(
      UniformRandomProvider rng, List<List<Integer>> stages, int k) {
    Set<Lesion.Pair> pairs = new LinkedHashSet<>();
    for (int tries = 0; pairs.size() < k; tries++) {
      INTERRUPTS.check(tries);
      List<Integer> stage = stages.get(rng.nextInt(stages.size()));
      int first = stage.get(rng.nextInt(stage.size()));
      int second = stage.get(rng.nextInt(stage.size()));
      if (first != second) {
        pairs.add(new Lesion.Pair(first, second));
      }
    }
    return List.copyOf(pairs);
  }

  private static List<PlannedLesion> draws(
      String kind,
      int from,
      int to,
      PlanSettings settings,
      List<Integer> candidates,
      Function<Set<Integer>, Lesion> lesion) {
    if (to > candidates.size()) {
      throw tooMany(to, "different blocks to " + kind, candidates.size());
    }
    long size = 0;
    for (int k = from; k <= to; k++) {
      size += Math.min(LongMath.binomial(candidates.size(), k), settings.drawsOrOne());
    }
    checkSize(size);
    List<PlannedLesion> rows = new ArrayList<>();
    for (int k = from; k <= to; k++) {
      rows.addAll(
          LongMath.binomial(candidates.size(), k) <= settings.drawsOrOne()
              ? listed(k, candidates, lesion)
              : rows(
                  k,
                  k,
                  settings,
                  (count, draw) -> {
                    UniformRandomProvider rng =
                        Generators.of(settings.seedOrZero(), kind, count, draw);
                    return lesion.apply(new TreeSet<>(firstOfShuffled(rng, candidates, count)));
                  }));
    }
    return rows;
  }

  /** All lesions of k blocks, in the order of the blocks. */
  private static List<PlannedLesion> listed(
      int k, List<Integer> candidates, Function<Set<Integer>, Lesion> lesion) {
    List<List<Integer>> sets = new ArrayList<>();
    for (Set<Integer> set : Sets.combinations(ImmutableSet.copyOf(candidates), k)) {
      INTERRUPTS.check(sets.size());
      sets.add(set.stream().sorted().toList());
    }
    sets.sort(Comparators.lexicographical(Comparator.<Integer>naturalOrder()));
    List<PlannedLesion> rows = new ArrayList<>();
    for (List<Integer> set : sets) {
      rows.add(
          new PlannedLesion(
              lesion.apply(new TreeSet<>(set)),
              OptionalInt.of(k),
              OptionalInt.of(rows.size() + 1),
              OptionalLong.empty()));
    }
    return rows;
  }

  /** A draw of k blocks or pairs; its number counts from 1. */
  private interface Draw {
    Lesion draw(int k, int number);
  }

  private static List<PlannedLesion> rows(int from, int to, PlanSettings settings, Draw draw) {
    checkSize((to - from + 1L) * settings.drawsOrOne());
    List<PlannedLesion> rows = new ArrayList<>();
    for (int k = from; k <= to; k++) {
      for (int number = 1; number <= settings.drawsOrOne(); number++) {
        INTERRUPTS.check(rows.size());
        rows.add(
            new PlannedLesion(
                draw.draw(k, number),
                OptionalInt.of(k),
                OptionalInt.of(number),
                OptionalLong.of(settings.seedOrZero())));
      }
    }
    return rows;
  }

  /** The first k places of a Fisher-Yates shuffle: as a set, uniform among all of k candidates. */
  private static List<Integer> firstOfShuffled(
      UniformRandomProvider rng, List<Integer> candidates, int k) {
    List<Integer> deck = new ArrayList<>(candidates);
    for (int i = 0; i < k; i++) {
      Collections.swap(deck, i, i + rng.nextInt(deck.size() - i));
    }
    return deck.subList(0, k);
  }

  private static void checkSize(long rows) {
    if (rows > JoinedPlans.MAX_ROWS) {
      throw new InvalidLesionException(
          String.format(
              "the plan would have %s rows, more than %s; ask for fewer draws",
              rows, JoinedPlans.MAX_ROWS));
    }
  }

  private static List<Integer> candidates(Architecture architecture, PlanSettings settings) {
    Set<Integer> excluded = settings.excluded(architecture);
    return architecture.blocks().stream()
        .map(Block::number)
        .filter(number -> !excluded.contains(number))
        .toList();
  }

  private static List<Integer> movable(Architecture architecture, PlanSettings settings) {
    return candidates(architecture, settings).stream()
        .filter(number -> !architecture.block(number).transition())
        .toList();
  }

  private static void checkRange(int from, int to, String what) {
    if (from < 1 || to < from) {
      throw new InvalidLesionException(
          "the number of " + what + " must be a range from 1, got " + from + ".." + to);
    }
  }

  private static InvalidLesionException tooMany(int asked, String what, long available) {
    return new InvalidLesionException(
        asked + " " + what + " were asked for, but only " + available + " exist");
  }

  static LesionPlan shard(LesionPlan plan, int i, int n) {
    if (n < 1 || i < 1 || i > n) {
      throw new InvalidInputException(
          "a shard is written i/n with i from 1 to n, got " + i + "/" + n);
    }
    if (n == 1) {
      return plan;
    }
    List<Integer> numbers = new ArrayList<>();
    for (long next = i; next <= plan.rows().size(); next += n) {
      numbers.add((int) next);
    }
    LesionPlan shard = part(plan, numbers);
    PlanPart part = shard.rowsOfPlan();
    return new LesionPlan(
        shard.blocks(),
        shard.description(),
        shard.excluded(),
        shard.rows(),
        Optional.of(plan.part().isPresent() ? part : part.asShard(i, n)));
  }

  static LesionPlan part(LesionPlan plan, List<Integer> numbers) {
    PlanPart of = plan.rowsOfPlan();
    List<Integer> inWhole = of.numbers();
    List<PlannedLesion> rows = new ArrayList<>();
    List<Integer> wanted = new ArrayList<>();
    int before = 0;
    for (int number : numbers) {
      if (number <= before || number > plan.rows().size()) {
        throw new InvalidLesionException(
            "rows of a plan are numbered from 1 to %s and given in order, got %s after %s"
                .formatted(plan.rows().size(), number, before));
      }
      rows.add(plan.rows().get(number - 1));
      wanted.add(inWhole.get(number - 1));
      before = number;
    }
    return new LesionPlan(
        plan.blocks(),
        plan.description(),
        plan.excluded(),
        rows,
        Optional.of(PlanPart.of(of.sha256(), of.size(), wanted)));
  }
}
