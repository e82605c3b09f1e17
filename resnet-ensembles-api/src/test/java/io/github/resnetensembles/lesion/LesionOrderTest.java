package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.network.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LesionOrderTest {
  /** Networks have more than 9 blocks, or block 10 would not come before block 2 as text. */
  private static final Architecture NETWORK = Architecture.resnet(38);

  static Stream<LesionPlan> plans() {
    return Stream.of(
            LesionPlan.deleteEach(),
            LesionPlan.deleteEachSkip(),
            LesionPlan.deletePairs(),
            LesionPlan.deleteRandom(1, 12).draws(11).seed(7),
            LesionPlan.duplicateRandom(1, 12).draws(3).seed(7),
            LesionPlan.swapRandom(1, 12).draws(3).seed(7),
            LesionPlan.deleteInRandomOrder().draws(11).seed(7))
        .map(kind -> kind.build(NETWORK));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plans")
  void isTheOrderOfThePlansThatAreDrawn(LesionPlan plan) {
    check(plan);
  }

  @Test
  void isTheOrderOfAllSets() {
    check(LesionPlan.deleteSubsets().exclude(Exclusion.of(2, 3, 4, 5, 6, 7, 8, 9)).build(NETWORK));
  }

  private static void check(LesionPlan plan) {
    List<PlannedLesion> shuffled = new ArrayList<>(plan.rows());
    Collections.shuffle(shuffled, new Random(3));
    assertThat(LesionOrder.sorted(shuffled, row -> row)).isEqualTo(plan.rows());
  }
}
