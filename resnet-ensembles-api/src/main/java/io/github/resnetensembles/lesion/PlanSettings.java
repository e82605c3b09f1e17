package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.network.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A plan in the making.
 *
 * @param description what is done, as in "nothing is drawn to delete each block"
 * @param takes the settings that have an effect
 * @param rows makes the rows
 */
record PlanSettings(
    String description,
    Takes takes,
    Rows rows,
    OptionalInt draws,
    OptionalLong seed,
    Optional<Exclusion> exclusion)
    implements LesionPlan.Builder {
  private static final Interrupts INTERRUPTS = Interrupts.during("lesions were checked");

  /** The settings that a kind of plan has a use for. */
  enum Takes {
    /** None. */
    NOTHING,
    /** The exclusion. */
    EXCLUSION,
    /** Exclusion, draws and seed. */
    DRAWS
  }

  interface Rows {
    List<PlannedLesion> of(Architecture architecture, PlanSettings settings);
  }

  PlanSettings(String description, Takes takes, Rows rows) {
    this(description, takes, rows, OptionalInt.empty(), OptionalLong.empty(), Optional.empty());
  }

  @Override
  public boolean takesDraws() {
    return takes == Takes.DRAWS;
  }

  @Override
  public boolean takesExclusion() {
    return takes != Takes.NOTHING;
  }

  @Override
  public PlanSettings draws(int number) {
    if (number < 1) {
      throw new InvalidLesionException("a plan has at least one draw for each k, got " + number);
    }
    if (!takesDraws()) {
      throw noEffect("draws(" + number + ")", "nothing is drawn to");
    }
    return new PlanSettings(description, takes, rows, OptionalInt.of(number), seed, exclusion);
  }

  @Override
  public PlanSettings seed(long newSeed) {
    if (!takesDraws()) {
      throw noEffect("seed(" + newSeed + ")", "nothing is drawn to");
    }
    return new PlanSettings(description, takes, rows, draws, OptionalLong.of(newSeed), exclusion);
  }

  @Override
  public PlanSettings exclude(Exclusion newExclusion) {
    if (!takesExclusion()) {
      throw noEffect("exclude(" + newExclusion + ")", "no block is chosen to");
    }
    return new PlanSettings(description, takes, rows, draws, seed, Optional.of(newExclusion));
  }

  private InvalidLesionException noEffect(String setting, String why) {
    return new InvalidLesionException(
        setting + " has no effect: " + why + " " + description + "; leave it out");
  }

  int drawsOrOne() {
    return draws.orElse(1);
  }

  long seedOrZero() {
    return seed.orElse(0);
  }

  private Exclusion exclusionOrNone() {
    return exclusion.orElse(Exclusion.none());
  }

  /** The blocks to leave alone, sorted. */
  Set<Integer> excluded(Architecture architecture) {
    return exclusionOrNone().blocks(architecture);
  }

  @Override
  public LesionPlan build(Architecture architecture) {
    List<PlannedLesion> made = rows.of(architecture, this);
    if (made.isEmpty()) {
      throw new InvalidLesionException(
          "the plan is empty: no block of " + architecture.name() + " is left to " + description);
    }
    StepBudget budget = new StepBudget("the plan");
    for (int i = 0; i < made.size(); i++) {
      INTERRUPTS.check(i);
      Lesion lesion = made.get(i).lesion();
      budget.take(lesion, lesion.applyTo(architecture));
    }
    return new LesionPlan(
        architecture.size(), text(), excluded(architecture).stream().sorted().toList(), made);
  }

  private String text() {
    return description
        + (takesDraws()
            ? String.format(
                ", %s%s, seed %s",
                drawsOrOne(), drawsOrOne() == 1 ? " draw" : " draws", seedOrZero())
            : "")
        + (takesExclusion() ? ", excluding " + exclusionOrNone() : "");
  }
}
