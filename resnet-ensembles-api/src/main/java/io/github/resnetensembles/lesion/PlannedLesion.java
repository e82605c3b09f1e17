package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One row of a {@link LesionPlan}.
 *
 * @param lesion the damage
 * @param k how many blocks or pairs were drawn, in random plans
 * @param draw which draw of that k, from 1, in random plans
 * @param seed of the plan's draws, in random plans; empty where all lesions of that k are listed,
 *     each once, and {@code draw} only counts them
 * @param plan which of the {@linkplain LesionPlan#join joined} plans it is of, from 1; empty where
 *     none were joined
 */
@JsonForm(fields = "lesion=text operations=lesion k? draw? seed? plan?")
public record PlannedLesion(
    Lesion lesion, OptionalInt k, OptionalInt draw, OptionalLong seed, OptionalInt plan) {
  /**
   * Checks the components.
   *
   * @param lesion the damage
   * @param k how many blocks or pairs were drawn
   * @param draw which draw of that k
   * @param seed of the plan's draws
   * @param plan which of the joined plans it is of
   * @throws IllegalArgumentException if a number is out of its range
   * @throws InvalidLesionException if that of the plan is below 1
   */
  public PlannedLesion {
    Require.present("lesion", lesion);
    Require.present("k", k);
    Require.present("draw", draw);
    Require.present("seed", seed);
    Require.present("plan", plan);
    k.ifPresent(value -> Require.atLeast(1, "k", value));
    draw.ifPresent(value -> Require.atLeast(1, "draw", value));
    if (plan.isPresent() && plan.getAsInt() < 1) {
      throw new InvalidLesionException(
          "joined plans are numbered from 1, got %s for %s"
              .formatted(plan.getAsInt(), Names.shorten(lesion)));
    }
  }

  /**
   * A row of a plan that was not joined with others.
   *
   * @param lesion the damage
   * @param k how many blocks or pairs were drawn
   * @param draw which draw of that k
   * @param seed of the plan's draws
   */
  public PlannedLesion(Lesion lesion, OptionalInt k, OptionalInt draw, OptionalLong seed) {
    this(lesion, k, draw, seed, OptionalInt.empty());
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

  /**
   * The same lesion as a row of a joined plan, or of none.
   *
   * @param number of the plan, from 1, or empty
   * @return the changed copy
   * @throws InvalidLesionException if the number is below 1
   */
  public PlannedLesion inPlan(OptionalInt number) {
    return new PlannedLesion(lesion, k, draw, seed, number);
  }

  String text() {
    return lesion.toString();
  }
}
