package io.github.resnetensembles;

import io.github.resnetensembles.internal.Require;
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
   * Checks the components.
   *
   * @param lesion the damage
   * @param k how many blocks or pairs were drawn
   * @param draw which draw of that k
   * @param seed of the plan's draws
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PlannedLesion {
    Require.present("lesion", lesion);
    Require.present("k", k);
    Require.present("draw", draw);
    Require.present("seed", seed);
    k.ifPresent(value -> Require.atLeast(1, "k", value));
    draw.ifPresent(value -> Require.atLeast(1, "draw", value));
  }

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
