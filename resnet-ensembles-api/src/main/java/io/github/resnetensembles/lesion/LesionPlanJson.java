package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;

/** Plans as JSON: a share of a plan may be empty, a plan that somebody wrote may not. */
final class LesionPlanJson extends RecordMapping<LesionPlan> {
  LesionPlanJson() {
    super(LesionPlan.class);
  }

  @Override
  protected LesionPlan readFields(JsonNode node) {
    LesionPlan plan = super.readFields(node);
    if (plan.rows().isEmpty()) {
      throw node.get("rows").error("is empty: a plan needs at least one lesion");
    }
    return plan;
  }
}
