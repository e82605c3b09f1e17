package io.github.resnetensembles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
