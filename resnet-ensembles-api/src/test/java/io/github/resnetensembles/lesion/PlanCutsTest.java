package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCutsTest {
  private static final Architecture SMALL = Architecture.resnet(20);
  private static final Architecture MODEL = Architecture.resnet(56);
  private static final ReferenceSet FIRST = new ReferenceSet("a".repeat(64), 0, 7);
  private static final ReferenceSet SECOND = new ReferenceSet("b".repeat(64), 2, 3);

  private static final List<Lesion> BASES =
      List.of(
          Lesion.intact(),
          Lesion.delete(2),
          Lesion.mean(FIRST, 4),
          Lesion.sequence(List.of(Lesion.resample(SECOND, 1, 5), Lesion.mean(FIRST, 1))));

  static Stream<Arguments> plans() {
    return Stream.of(
        Arguments.of("each block", LesionPlan.deleteEach(), MODEL, 8, 1.6),
        Arguments.of("pairs", LesionPlan.deletePairs(), MODEL, 64, 1.65),
        Arguments.of("subsets", LesionPlan.deleteSubsets(), SMALL, 64, 2.3),
        Arguments.of("random", LesionPlan.deleteRandom(1, 10).draws(50), MODEL, 64, 1.45),
        Arguments.of("random orders", LesionPlan.deleteInRandomOrder().draws(20), MODEL, 64, 1.7),
        Arguments.of("swaps", LesionPlan.swapRandom(1, 10).draws(30), MODEL, 64, 1.45),
        Arguments.of("duplicates", LesionPlan.duplicateRandom(1, 10).draws(30), MODEL, 64, 1.45));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plans")
  void littleWorkIsDoneTwice(
      String name, LesionPlan.Builder settings, Architecture network, int number, double most) {
    LesionPlan plan = settings.build(network);
    List<LesionPlan.Group> groups = plan.cutInto(number, Lesion.intact(), network, 10);
    checkExact(groups, plan, Lesion.intact(), network, 10);
    assertThat(groups).hasSizeBetween(number * 9 / 10, number);
    double ratio = (double) total(groups) / cost(plan, Lesion.intact(), network, 10);
    assertThat(ratio).isLessThan(most).isGreaterThan(1);
    long mean = total(groups) / groups.size();
    assertThat(groups).allMatch(group -> group.cost().blockEvaluations() < 1.5 * mean);
  }

  /** What shards of every n-th row cost: the reason to cut otherwise. */
  @Test
  void shardsOfPairsCostMore() {
    LesionPlan plan = LesionPlan.deletePairs().build(MODEL);
    long shards =
        IntStream.rangeClosed(1, 64)
            .mapToLong(i -> cost(plan.shard(i, 64), Lesion.intact(), MODEL, 1))
            .sum();
    assertThat((double) shards / cost(plan, Lesion.intact(), MODEL, 1)).isBetween(2.3, 2.32);
  }

  /** All cuts of the rows in the order of the walk, which groups of single rows tell. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void noOtherCutCostsLess(long seed) {
    Random random = new Random(seed);
    LesionPlan plan = randomPlan(random, 9);
    Lesion base = BASES.get((int) seed % BASES.size());
    int images = 1 + random.nextInt(5);
    List<Integer> walk =
        plan.cut(base, SMALL, images, 1).stream().flatMap(group -> group.rows().stream()).toList();
    assertThat(walk).hasSize(plan.rows().size());
    long whole = cost(plan, base, SMALL, images);
    for (int i = 0; i < 10; i++) {
      long most = 1 + (long) (random.nextDouble() * whole);
      List<LesionPlan.Group> groups = plan.cut(base, SMALL, images, most);
      checkExact(groups, plan, base, SMALL, images);
      assertThat(groups)
          .allMatch(group -> group.rows().size() == 1 || group.cost().blockEvaluations() <= most);
      assertThat(total(groups)).isEqualTo(leastByTrying(walk, plan, base, images, most));
    }
  }

  private static long leastByTrying(
      List<Integer> walk, LesionPlan plan, Lesion base, int images, long most) {
    List<Wiring> wirings = plan.wirings(base, SMALL);
    int rows = walk.size();
    long[][] costs = new long[rows][rows + 1];
    for (int from = 0; from < rows; from++) {
      for (int end = from + 1; end <= rows; end++) {
        costs[from][end] = cost(walk.subList(from, end), wirings, images).blockEvaluations();
      }
    }
    long least = Long.MAX_VALUE;
    for (int cuts = 0; cuts < 1 << (rows - 1); cuts++) {
      long sum = 0;
      int from = 0;
      for (int end = 1; end <= rows; end++) {
        if (end == rows || ((cuts >> (end - 1)) & 1) == 1) {
          boolean allowed = end - from == 1 || costs[from][end] <= most;
          sum = allowed && sum >= 0 ? sum + costs[from][end] : -1;
          from = end;
        }
      }
      least = sum < 0 ? least : Math.min(least, sum);
    }
    return least;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void manyRandomRowsAreCutExactly(long seed) {
    Random random = new Random(seed);
    LesionPlan plan = randomPlan(random, 300);
    for (int groups : new int[] {1, 2, 7, 50, 1000}) {
      List<LesionPlan.Group> cut = plan.cutInto(groups, Lesion.delete(2), SMALL, 4);
      assertThat(cut).hasSizeLessThanOrEqualTo(groups);
      checkExact(cut, plan, Lesion.delete(2), SMALL, 4);
    }
  }

  /** Means are taken in every group: with few images groups that share them are cheaper. */
  @Test
  void meansCountInEveryGroup() {
    Lesion[] lesions =
        IntStream.rangeClosed(1, 9)
            .boxed()
            .flatMap(block -> Stream.of(Lesion.mean(FIRST, block), Lesion.mean(SECOND, block)))
            .toArray(Lesion[]::new);
    LesionPlan plan = LesionPlan.of(lesions).build(SMALL);
    List<LesionPlan.Group> groups = plan.cutInto(6, Lesion.intact(), SMALL, 1);
    checkExact(groups, plan, Lesion.intact(), SMALL, 1);
    assertThat(plan.cut(Lesion.intact(), SMALL, 1, 1))
        .hasSize(18)
        .allSatisfy(
            group -> {
              int row = group.rows().get(0);
              int block = (row + 1) / 2;
              long mean = block * (row % 2 == 1 ? 7L : 3L);
              assertThat(group.cost().blockEvaluations()).isEqualTo(9 + 9 - block + mean);
            });
  }

  @Test
  void aHundredThousandRows() {
    Architecture network = Architecture.preResnet(110);
    LesionPlan plan = LesionPlan.deleteRandom(1, 20).draws(5000).seed(3).build(network);
    List<LesionPlan.Group> groups = plan.cutInto(500, Lesion.intact(), network, 10_000);
    assertThat(groups).hasSizeBetween(450, 500);
    assertThat(groups.stream().mapToInt(group -> group.rows().size()).sum())
        .isEqualTo(plan.rows().size());
  }

  @Test
  void emptyPlansAndRefusals() {
    LesionPlan plan = LesionPlan.deleteEach().build(SMALL);
    assertThat(plan.shard(20, 20).cut(Lesion.intact(), SMALL, 1, 1)).isEmpty();
    assertThat(plan.shard(20, 20).cutInto(3, Lesion.intact(), SMALL, 1)).isEmpty();
    assertThatThrownBy(() -> plan.cut(Lesion.intact(), SMALL, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxCost must be at least 1, got 0");
    assertThatThrownBy(() -> plan.cut(Lesion.intact(), SMALL, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images must be at least 1, got 0");
    assertThatThrownBy(() -> plan.cutInto(0, Lesion.intact(), SMALL, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups must be at least 1, got 0");
    assertThatThrownBy(() -> new LesionPlan.Group(List.of(2, 2), new Cost(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of a group must be at least 3, got 2");
  }

  @Test
  void anInterruptedThreadDoesNotCutToTheEnd() {
    LesionPlan plan = LesionPlan.deleteRandom(1, 10).draws(300).build(MODEL);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> plan.cut(Lesion.intact(), MODEL, 1, 1000))
          .isInstanceOf(RunInterruptedException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static LesionPlan randomPlan(Random random, int rows) {
    Set<Lesion> lesions = new LinkedHashSet<>();
    while (lesions.size() < rows) {
      lesions.add(randomLesion(random));
    }
    return LesionPlan.of(lesions.toArray(Lesion[]::new)).build(SMALL);
  }

  /** Of all kinds, one or two at a time, often with equal wirings. */
  private static Lesion randomLesion(Random random) {
    List<Function<Random, Lesion>> kinds =
        List.of(
            r -> Lesion.delete(block(r)),
            r -> Lesion.deleteSkip(block(r)),
            r -> Lesion.scale(block(r), r.nextInt(3)),
            r -> Lesion.keepOnly(block(r)),
            r -> Lesion.mean(r.nextBoolean() ? FIRST : SECOND, block(r)),
            r -> Lesion.resample(r.nextBoolean() ? FIRST : SECOND, r.nextInt(2), block(r)));
    List<Lesion> parts = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      parts.add(Lesion.swap(2, 3));
    }
    for (int i = 0; i <= random.nextInt(3); i++) {
      parts.add(kinds.get(random.nextInt(kinds.size())).apply(random));
    }
    if (random.nextInt(4) == 0) {
      parts.add(Lesion.duplicate(2));
    }
    return Lesion.sequence(parts);
  }

  private static int block(Random random) {
    return 1 + random.nextInt(9);
  }

  /** Every row is in one group, and a group costs what its wirings do. */
  private static void checkExact(
      List<LesionPlan.Group> groups, LesionPlan plan, Lesion base, Architecture of, int images) {
    assertThat(groups.stream().flatMap(group -> group.rows().stream()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, plan.rows().size()).boxed().toList());
    List<Wiring> wirings = plan.wirings(base, of);
    assertThat(groups)
        .allSatisfy(
            group -> assertThat(group.cost()).isEqualTo(cost(group.rows(), wirings, images)));
  }

  private static Cost cost(List<Integer> rows, List<Wiring> wirings, int images) {
    List<Wiring> some = new ArrayList<>(List.of(wirings.get(0)));
    rows.forEach(row -> some.add(wirings.get(row)));
    return WiringCost.of(some).of(images);
  }

  private static long cost(LesionPlan plan, Lesion base, Architecture of, int images) {
    return WiringCost.of(plan.wirings(base, of)).of(images).blockEvaluations();
  }

  private static long total(List<LesionPlan.Group> groups) {
    return groups.stream().mapToLong(group -> group.cost().blockEvaluations()).sum();
  }
}
