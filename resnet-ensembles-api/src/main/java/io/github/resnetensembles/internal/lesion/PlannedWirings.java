package io.github.resnetensembles.internal.lesion;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.LesionPlan;
import io.github.resnetensembles.PlannedLesion;
import io.github.resnetensembles.Wiring;
import io.github.resnetensembles.internal.Interrupts;
import java.util.ArrayList;
import java.util.List;

/** The wirings of a plan's rows. */
public final class PlannedWirings {
  private static final Interrupts INTERRUPTS =
      Interrupts.during("the wirings of a study were made");

  private PlannedWirings() {}

  /** As {@link LesionPlan#wirings}. */
  public static List<Wiring> of(LesionPlan plan, Lesion base, Architecture architecture) {
    plan.requireFits(architecture);
    StepBudget budget = new StepBudget("the study");
    Wirings.Damaged view = new Wirings.Damaged(base, architecture);
    List<Wiring> wirings = new ArrayList<>();
    wirings.add(view.with(Lesion.intact()));
    for (PlannedLesion row : plan.rows()) {
      INTERRUPTS.check(wirings.size());
      Wiring wiring = view.with(row.lesion());
      budget.take(row.lesion(), wiring);
      wirings.add(wiring);
    }
    return wirings;
  }
}
