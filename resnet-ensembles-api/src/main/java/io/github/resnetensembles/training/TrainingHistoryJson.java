package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;

/** Histories of trainings as JSON. */
final class TrainingHistoryJson extends RecordMapping<TrainingHistory> {
  TrainingHistoryJson() {
    super(TrainingHistory.class);
  }

  /** Older versions did not say the kind. */
  @Override
  protected void readKind(JsonNode node) {
    if (node.has("kind")) {
      super.readKind(node);
    }
  }
}
