package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.network.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LesionPlanTest {
  private static final Architecture MODEL = Architecture.preResnet(110);

  @Test
  void eachBlock() {
    LesionPlan plan = LesionPlan.deleteEach().build(MODEL);
    assertThat(plan.rows()).hasSize(54).startsWith(PlannedLesion.of(Lesion.delete(1)));
    assertThat(LesionPlan.deleteEach().exclude(Exclusion.published()).build(MODEL).rows())
        .hasSize(51)
        .startsWith(PlannedLesion.of(Lesion.delete(2)));
  }

  @Test
  void pairsAndSubsets() {
    assertThat(LesionPlan.deletePairs().build(MODEL).rows()).hasSize(54 * 53 / 2);
    LesionPlan subsets = LesionPlan.deleteSubsets().build(Architecture.resnet(20));
    assertThat(subsets.rows()).hasSize(512).contains(PlannedLesion.of(Lesion.intact()));
    assertThatThrownBy(() -> LesionPlan.deleteSubsets().build(MODEL))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageContaining("all sets of 54 blocks are too many; at most 16");
  }

  @Test
  void randomDeletions() {
    LesionPlan plan =
        LesionPlan.deleteRandom(1, 20)
            .draws(3)
            .seed(42)
            .exclude(Exclusion.published())
            .build(MODEL);
    assertThat(plan.rows()).hasSize(60);
    assertThat(plan.excluded()).containsExactly(1, 19, 37);
    for (PlannedLesion row : plan.rows()) {
      Set<Integer> blocks = ((Lesion.Delete) row.lesion()).blocks();
      assertThat(blocks).hasSize(row.k().getAsInt()).doesNotContain(1, 19, 37);
      assertThat(row.seed()).hasValue(42);
    }
  }

  /** These draws are part of the contract: a plan is the same for a seed in every version. */
  @Test
  void drawsAreFixedForever() {
    assertThat(
            LesionPlan.deleteRandom(4, 4).seed(42).build(MODEL).rows().get(0).lesion().toString())
        .isEqualTo("delete{3,33,38,41}");
    assertThat(LesionPlan.swapRandom(3, 3).seed(42).build(MODEL).rows().get(0).lesion().toString())
        .isEqualTo("swap{52-39,38-49,20-27}");
    assertThat(
            LesionPlan.duplicateRandom(3, 3)
                .seed(42)
                .build(MODEL)
                .rows()
                .get(0)
                .lesion()
                .toString())
        .isEqualTo("duplicate{4,21,44}");
  }

  @Test
  void moreDrawsAndOtherRangesChangeNoDraw() {
    List<PlannedLesion> few = LesionPlan.deleteRandom(2, 5).draws(4).seed(7).build(MODEL).rows();
    List<PlannedLesion> many = LesionPlan.deleteRandom(1, 9).draws(9).seed(7).build(MODEL).rows();
    assertThat(many).containsAll(few);
    assertThat(LesionPlan.deleteRandom(2, 5).draws(4).seed(8).build(MODEL).rows())
        .doesNotContainAnyElementsOf(few);
  }

  /** Drawing from three sets three times would repeat some and miss others. */
  @Test
  void whereThereAreNoMoreLesionsThanDrawsAllAreListed() {
    Architecture three = Architecture.resnet(8);

    assertThat(texts(LesionPlan.deleteRandom(1, 3).draws(3).seed(5).build(three)))
        .containsExactly(
            "1.1 delete{1}",
            "1.2 delete{2}",
            "1.3 delete{3}",
            "2.1 delete{1,2}",
            "2.2 delete{1,3}",
            "2.3 delete{2,3}",
            "3.1 delete{1,2,3}");
    List<PlannedLesion> two = LesionPlan.deleteRandom(1, 3).draws(2).seed(5).build(three).rows();
    assertThat(two)
        .extracting(PlannedLesion::seed)
        .as("only the one set of all blocks is listed")
        .containsExactly(
            OptionalLong.of(5),
            OptionalLong.of(5),
            OptionalLong.of(5),
            OptionalLong.of(5),
            OptionalLong.empty());
    assertThat(texts(LesionPlan.duplicateRandom(6, 7).draws(9).build(Architecture.resnet(20))))
        .containsExactly(
            "6.1 duplicate{1,2,3,5,6,8}",
            "6.2 duplicate{1,2,3,5,6,9}",
            "6.3 duplicate{1,2,3,5,8,9}",
            "6.4 duplicate{1,2,3,6,8,9}",
            "6.5 duplicate{1,2,5,6,8,9}",
            "6.6 duplicate{1,3,5,6,8,9}",
            "6.7 duplicate{2,3,5,6,8,9}",
            "7.1 duplicate{1,2,3,5,6,8,9}");
    assertThat(
            texts(LesionPlan.deleteRandom(1, 1).draws(8).exclude(Exclusion.of(2, 3)).build(three)))
        .containsExactly("1.1 delete{1}");
    LesionPlan plan = LesionPlan.deleteRandom(1, 3).draws(2).seed(5).build(three);
    assertThat(LesionPlan.fromJson(plan.toJson())).isEqualTo(plan);
  }

  private static List<String> texts(LesionPlan plan) {
    return plan.rows().stream()
        .map(
            row ->
                "%s.%s %s".formatted(row.k().orElseThrow(), row.draw().orElseThrow(), row.lesion()))
        .toList();
  }

  /** One of ten pairs and its reverse would leave the order as it is. */
  @ParameterizedTest(name = "{0} pairs")
  @ValueSource(ints = {1, 2, 3, 4, 10})
  void swapsReorder(int pairs) {
    Architecture small = Architecture.resnet(20);
    for (PlannedLesion row :
        LesionPlan.swapRandom(pairs, pairs).draws(300).seed(1).build(small).rows()) {
      assertThat(order(row, small))
          .as(row.lesion().toString())
          .isNotEqualTo(order(PlannedLesion.of(Lesion.intact()), small));
    }
  }

  private static List<Integer> order(PlannedLesion row, Architecture architecture) {
    return row.lesion().applyTo(architecture).order();
  }

  /** What 0.1.0 drew: only the orders that are the intact one are other ones now. */
  @Test
  void otherSwapsAreThoseOfEarlierVersions() {
    assertThat(texts(LesionPlan.swapRandom(2, 2).draws(8).seed(1).build(Architecture.resnet(20))))
        .contains(
            "2.1 swap{1-2,9-8}",
            "2.2 swap{6-5,1-2}",
            "2.4 swap{5-6,2-1}",
            "2.5 swap{5-6,1-2}",
            "2.6 swap{2-1,5-6}",
            "2.8 swap{1-2,2-3}")
        .doesNotContain("2.3 swap{8-9,9-8}", "2.7 swap{6-5,5-6}");
  }

  @Test
  @Timeout(20)
  void swapsThatCanOnlyUndoEachOtherStay() {
    LesionPlan plan =
        LesionPlan.swapRandom(1, 2)
            .exclude(Exclusion.of(1, 2, 3, 8, 9))
            .build(Architecture.resnet(20));

    assertThat(((Lesion.Swap) plan.rows().get(1).lesion()).pairs())
        .containsExactlyInAnyOrder(new Lesion.Pair(5, 6), new Lesion.Pair(6, 5));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, -4})
  void swapsStayInsideStages(long seed) {
    LesionPlan plan = LesionPlan.swapRandom(1, 10).draws(5).seed(seed).build(MODEL);
    for (PlannedLesion row : plan.rows()) {
      List<Lesion.Pair> pairs = ((Lesion.Swap) row.lesion()).pairs();
      assertThat(pairs).hasSize(row.k().getAsInt()).doesNotHaveDuplicates();
      for (Lesion.Pair pair : pairs) {
        assertThat(MODEL.block(pair.first()).stage()).isEqualTo(MODEL.block(pair.second()).stage());
        assertThat(List.of(19, 37)).doesNotContain(pair.first(), pair.second());
      }
    }
  }

  /** Every stage is drawn equally often, and every pair of its movable blocks. */
  @Test
  void swapsAreUniform() {
    Map<Integer, Integer> byStage = new HashMap<>();
    LesionPlan plan = LesionPlan.swapRandom(1, 1).draws(3000).build(MODEL);
    for (PlannedLesion row : plan.rows()) {
      Lesion.Pair pair = ((Lesion.Swap) row.lesion()).pairs().get(0);
      byStage.merge(MODEL.block(pair.first()).stage(), 1, Integer::sum);
    }
    // 1000 expected in each of three stages, standard deviation 26.
    assertThat(byStage.values()).hasSize(3).allMatch(count -> Math.abs(count - 1000) < 130);
  }

  @Test
  void deletionsAreUniform() {
    int[] counts = new int[55];
    for (PlannedLesion row : LesionPlan.deleteRandom(27, 27).draws(2000).build(MODEL).rows()) {
      ((Lesion.Delete) row.lesion()).blocks().forEach(block -> counts[block]++);
    }
    // 1000 expected for each block, standard deviation 22.
    assertThat(IntStream.rangeClosed(1, 54).map(i -> counts[i]))
        .allMatch(count -> Math.abs(count - 1000) < 120);
  }

  @Test
  void duplicationsLeaveTransitionsAlone() {
    for (PlannedLesion row : LesionPlan.duplicateRandom(52, 52).build(MODEL).rows()) {
      assertThat(((Lesion.Duplicate) row.lesion()).blocks()).doesNotContain(19, 37);
    }
  }

  @ParameterizedTest(name = "{0} shards")
  @ValueSource(ints = {1, 2, 7, 100})
  void shardsPartitionTheRows(int n) {
    LesionPlan plan = LesionPlan.deleteRandom(1, 5).draws(4).seed(3).build(MODEL);
    List<PlannedLesion> all = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      all.addAll(plan.shard(i, n).rows());
    }
    assertThat(all).hasSize(20);
    assertThat(new HashSet<>(all)).isEqualTo(new HashSet<>(plan.rows()));
    assertThatThrownBy(() -> plan.shard(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a shard is written i/n with i from 1 to n, got 0/2");
  }

  @Test
  void goesThroughJson() {
    LesionPlan plan = LesionPlan.swapRandom(1, 3).draws(2).seed(-5).build(MODEL);
    LesionPlan read = LesionPlan.fromJson(plan.toJson());
    assertThat(read).isEqualTo(plan);
    assertThat(read.toJson()).isEqualTo(plan.toJson());
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> LesionPlan.deleteRandom(1, 55).build(MODEL))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage("55 different blocks to delete were asked for, but only 54 exist");
    assertThatThrownBy(() -> LesionPlan.duplicateRandom(1, 8).build(Architecture.resnet(20)))
        .hasMessage("8 different blocks to duplicate were asked for, but only 7 exist");
    assertThatThrownBy(() -> LesionPlan.swapRandom(1, 11).build(Architecture.resnet(20)))
        .hasMessage("11 distinct ordered pairs to swap were asked for, but only 10 exist");
    assertThatThrownBy(() -> LesionPlan.deleteRandom(0, 3))
        .hasMessage("the number of blocks to delete must be a range from 1, got 0..3");
    assertThatThrownBy(() -> LesionPlan.of())
        .hasMessage("the plan is empty: it needs at least one lesion");
    assertThatThrownBy(
            () ->
                LesionPlan.deleteEach()
                    .exclude(Exclusion.of(1, 2, 3))
                    .build(Architecture.resnet(8)))
        .hasMessage("the plan is empty: no block of resnet-8 is left to delete each block");
    assertThatThrownBy(() -> LesionPlan.of(Lesion.delete(1), Lesion.delete(1)).build(MODEL))
        .hasMessage("the plan lists delete{1} twice");
    assertThatThrownBy(() -> LesionPlan.of(Lesion.swap(2, 50)).build(MODEL))
        .hasMessageContaining("cannot swap blocks 2-50");
    assertThatThrownBy(() -> LesionPlan.fromJson("{\"kind\":\"lesion-report\"}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the plan is no lesion plan: its field 'kind' is not 'lesion-plan'");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void settingsWithoutEffectAreRefused(String message, Supplier<LesionPlan.Builder> builder) {
    assertThatThrownBy(builder::get).isInstanceOf(InvalidLesionException.class).hasMessage(message);
  }

  static Stream<Arguments> settingsWithoutEffectAreRefused() {
    return Stream.of(
        refused(
            "exclude(transitions) has no effect: no block is chosen to run given lesions; leave it out",
            () -> LesionPlan.of(Lesion.delete(4)).exclude(Exclusion.transitions())),
        refused(
            "draws(50) has no effect: nothing is drawn to delete each block; leave it out",
            () -> LesionPlan.deleteEach().draws(50)),
        refused(
            "seed(3) has no effect: nothing is drawn to delete every pair of blocks; leave it out",
            () -> LesionPlan.deletePairs().seed(3)),
        refused(
            "draws(2) has no effect: nothing is drawn to delete every set of blocks; leave it out",
            () -> LesionPlan.deleteSubsets().draws(2)),
        refused(
            "seed(0) has no effect: nothing is drawn to delete each skip connection; leave it out",
            () -> LesionPlan.deleteEachSkip().seed(0)),
        refused(
            "draws(1) has no effect: nothing is drawn to run given lesions; leave it out",
            () -> LesionPlan.of(Lesion.delete(4)).draws(1)));
  }

  private static Arguments refused(String message, Supplier<LesionPlan.Builder> builder) {
    return Arguments.of(message, builder);
  }

  @Test
  void descriptionsSayWhatHadAnEffect() {
    assertThat(LesionPlan.of(Lesion.delete(4)).build(MODEL).description())
        .isEqualTo("run given lesions");
    assertThat(LesionPlan.deleteEach().build(MODEL).description())
        .isEqualTo("delete each block, excluding none");
    assertThat(
            LesionPlan.deleteRandom(1, 2)
                .seed(7)
                .exclude(Exclusion.transitions())
                .build(MODEL)
                .description())
        .isEqualTo("delete 1 to 2 random blocks, 1 draw, seed 7, excluding transitions");
  }

  @Test
  void plansAreJoinedInTheirOrder() {
    LesionPlan random = LesionPlan.deleteRandom(1, 2).draws(2).seed(7).build(MODEL);
    LesionPlan each = LesionPlan.deleteEach().build(MODEL);

    LesionPlan joined = LesionPlan.join(random, each);

    assertThat(joined.rows()).hasSize(4 + 54);
    assertThat(joined.rows().subList(0, 4))
        .isEqualTo(random.rows().stream().map(row -> row.inPlan(OptionalInt.of(1))).toList());
    assertThat(joined.rows().subList(4, 58))
        .isEqualTo(each.rows().stream().map(row -> row.inPlan(OptionalInt.of(2))).toList());
    assertThat(joined.description()).isEqualTo(random.description() + "; " + each.description());
    assertThat(LesionPlan.fromJson(joined.toJson())).isEqualTo(joined);
    assertThat(LesionPlan.join(each)).isSameAs(each);
    LesionPlan pairs = LesionPlan.deletePairs().build(MODEL);
    assertThat(LesionPlan.join(joined, pairs)).isEqualTo(LesionPlan.join(random, each, pairs));
  }

  /** Every plan keeps all its rows. */
  @Test
  void aLesionOfTwoPlansHasTwoRows() {
    Architecture small = Architecture.resnet(8);
    LesionPlan joined =
        LesionPlan.join(
            LesionPlan.deleteEach().build(small), LesionPlan.deleteSubsets().build(small));

    assertThat(joined.rows()).hasSize(3 + 8);
    assertThat(joined.rows().stream().filter(row -> row.lesion().equals(Lesion.delete(2))))
        .extracting(PlannedLesion::plan)
        .containsExactly(OptionalInt.of(1), OptionalInt.of(2));
  }

  @Test
  void plansThatCannotBeJoinedAreRefused() {
    LesionPlan each = LesionPlan.deleteEach().build(MODEL);
    LesionPlan without =
        LesionPlan.deleteRandom(1, 2).exclude(Exclusion.transitions()).build(MODEL);
    assertThatThrownBy(LesionPlan::join)
        .hasMessage("there is nothing to join: give at least one plan");
    assertThatThrownBy(() -> LesionPlan.join(each, each))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage(
            "two joined plans have the same rows, 'delete each block, excluding none' and 'delete"
                + " each block, excluding none'; leave one out");
    assertThatThrownBy(
            () -> LesionPlan.join(each, LesionPlan.deleteEach().build(Architecture.resnet(20))))
        .hasMessage(
            "plans of networks with 54 and 9 blocks cannot be joined; draw both for one network");
    assertThatThrownBy(() -> LesionPlan.join(each, without))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage(
            "plans that exclude different blocks cannot be joined: one excludes [19, 37], 'delete"
                + " each block, excluding none' damages some of them; exclude the same blocks in"
                + " both, or run them one by one");
    assertThatThrownBy(
            () ->
                LesionPlan.join(
                    without, LesionPlan.deleteEach().exclude(Exclusion.of(3)).build(MODEL)))
        .hasMessageStartingWith("plans that exclude different blocks cannot be joined");
    assertThat(LesionPlan.join(without, LesionPlan.of(Lesion.delete(4)).build(MODEL)).excluded())
        .containsExactly(19, 37);
    assertThatThrownBy(
            () -> LesionPlan.join(without, LesionPlan.of(Lesion.keepOnly(1, 4)).build(MODEL)))
        .hasMessageStartingWith("plans that exclude different blocks cannot be joined");
  }

  @Test
  void rowsOfJoinedPlansAreNumberedFromOne() {
    String json =
        LesionPlan.join(LesionPlan.deleteEach().build(MODEL), LesionPlan.deletePairs().build(MODEL))
            .toJson();
    assertThatThrownBy(() -> LesionPlan.fromJson(json.replaceFirst("\"plan\":1", "\"plan\":0")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the plan.rows[0]: joined plans are numbered from 1, got 0 for delete{1}");
    assertThatThrownBy(() -> LesionPlan.fromJson(json.replaceFirst(",\"plan\":2}", "}")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the plan: the plan has rows with and without the number");
  }

  /** 2^40 steps would be asked for by a text of 2 kB. */
  @Test
  @Timeout(20)
  void repeatedDuplicationsEnd() {
    Lesion lesion = Lesion.sequence(Collections.nCopies(40, Lesion.duplicate(2)));
    String message =
        "duplicating blocks again and again makes 65589 steps of the 54 blocks of preresnet-110,"
            + " more than 65536; duplicate fewer times";
    assertThatThrownBy(() -> LesionPlan.of(lesion).build(MODEL))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> lesion.applyTo(MODEL)).hasMessage(message);
    Lesion often = Lesion.sequence(Collections.nCopies(16, Lesion.duplicate(2)));
    assertThatThrownBy(() -> often.applyTo(MODEL)).hasMessageContaining("makes 65589 steps");
    assertThat(Lesion.sequence(Collections.nCopies(15, Lesion.duplicate(2))).applyTo(MODEL).steps())
        .hasSize(53 + (1 << 15));
  }

  /** Each row is small; all together are not. */
  @Test
  @Timeout(120)
  void manyLongWiringsEnd() {
    List<Lesion> parts = new ArrayList<>(Collections.nCopies(600, Lesion.scale(3, 1)));
    parts.addAll(Collections.nCopies(15, Lesion.duplicate(2)));
    Lesion longest = Lesion.sequence(parts);
    Lesion[] lesions =
        IntStream.range(0, 60)
            .mapToObj(i -> longest.then(Lesion.scale(3, i)))
            .toArray(Lesion[]::new);
    assertThatThrownBy(() -> LesionPlan.of(lesions).build(MODEL))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageStartingWith("the plan has too many lesions for one run: up to scale{3=1.0}");
  }

  @Test
  @Timeout(120)
  void manyOperationsAreReadInLinearTime() {
    String operation = "{\"kind\":\"scale\",\"blocks\":[3],\"factor\":1},";
    String json = "[" + operation.repeat(199_999) + operation.replaceAll(",$", "]");

    Lesion lesion = Lesion.fromJson(json);

    assertThat(((Lesion.Sequence) lesion).lesions()).hasSize(200_000);
    assertThat(lesion.applyTo(Architecture.resnet(20)).steps()).hasSize(9);
    assertThatThrownBy(() -> Lesion.sequence(Collections.nCopies(2, lesion)).applyTo(MODEL))
        .hasMessageStartingWith("a lesion of 400000 parts on 54 steps of blocks rewrites more");
  }

  @Test
  void sequencesAreThoseOfThen() {
    Lesion then = Lesion.delete(1).then(Lesion.intact()).then(Lesion.swap(2, 3));
    assertThat(Lesion.sequence(List.of(Lesion.delete(1), Lesion.intact(), Lesion.swap(2, 3))))
        .isEqualTo(then);
    assertThat(Lesion.sequence(List.of(then, Lesion.delete(4))))
        .isEqualTo(then.then(Lesion.delete(4)));
    assertThat(Lesion.sequence(List.of())).isEqualTo(Lesion.intact());
    assertThat(Lesion.sequence(List.of(Lesion.delete(1)))).isEqualTo(Lesion.delete(1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Timeout(30)
  void drawingIsInterrupted(String name, Supplier<LesionPlan> work) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(work::get)
          .isInstanceOf(RunInterruptedException.class)
          .hasMessageStartingWith("interrupted while ");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  static Stream<Arguments> drawingIsInterrupted() {
    String text = LesionPlan.deletePairs().build(MODEL).toJson();
    return Stream.of(
        Arguments.of(
            "millions of draws",
            (Supplier<LesionPlan>)
                () -> LesionPlan.deleteRandom(1, 5).draws(1_000_000).build(MODEL)),
        Arguments.of(
            "orders",
            (Supplier<LesionPlan>)
                () -> LesionPlan.deleteInRandomOrder().draws(90_000).build(MODEL)),
        Arguments.of("pairs", (Supplier<LesionPlan>) () -> LesionPlan.deletePairs().build(MODEL)),
        Arguments.of(
            "one draw of many swaps",
            (Supplier<LesionPlan>) () -> LesionPlan.swapRandom(850, 850).build(MODEL)),
        Arguments.of("reading", (Supplier<LesionPlan>) () -> LesionPlan.fromJson(text)));
  }

  @Test
  void exclusions() {
    assertThat(Exclusion.parse("none")).isEqualTo(Exclusion.none());
    assertThat(Exclusion.parse("transitions").blocks(MODEL)).containsExactly(19, 37);
    assertThat(Exclusion.parse("published").blocks(MODEL)).containsExactly(1, 19, 37);
    assertThat(Exclusion.parse("3,2").blocks(MODEL)).containsExactly(2, 3);
    assertThat(Exclusion.parse("3,2")).hasToString("2,3");
    assertThatThrownBy(() -> Exclusion.parse("some"))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageContaining("got 'some'");
    assertThatThrownBy(() -> Exclusion.of(60).blocks(MODEL)).hasMessageContaining("no block 60");
  }
}
