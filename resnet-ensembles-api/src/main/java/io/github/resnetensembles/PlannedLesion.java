package io.github.resnetensembles;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One row of a {@link LesionPlan}.
 *
 * @param lesion the damage
 * @param k how many blocks or pairs were drawn, in random plans
 * @param draw which draw of that k, from 1, in random plans
 * @param seed of the plan's draws, in random plans
 */
public record PlannedLesion(Lesion lesion, OptionalInt k, OptionalInt draw, OptionalLong seed) {
  /**
   * A row that nothing was drawn for.
   *
   * @param lesion the damage
   * @return the row
   */
  public static PlannedLesion of(Lesion lesion) {
    return new PlannedLesion(
        lesion, OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty());
  }
}
