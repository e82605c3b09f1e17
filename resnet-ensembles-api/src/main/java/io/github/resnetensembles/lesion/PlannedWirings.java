package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.List;

/** The wirings of a plan's rows. */
final class PlannedWirings {
  private static final Interrupts INTERRUPTS =
      Interrupts.during("the wirings of a study were made");

  private PlannedWirings() {}

  /** As {@link LesionPlan#wirings}. */
  static List<Wiring> of(LesionPlan plan, Lesion base, Architecture architecture) {
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
