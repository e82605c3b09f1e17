package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.util.List;

/** Epochs as CSV, with the names of their JSON. */
final class EpochTable {
  private static final List<String> COLUMNS =
      List.of(
          "epoch",
          "steps",
          "learningRate",
          "trainingLoss",
          "trainingErrorRate",
          "wrong",
          "total",
          "errorRate",
          "loss");

  private EpochTable() {}

  static String csv(List<EpochRecord> epochs) {
    return Csv.table(COLUMNS, epochs.stream().map(RecordMapping::values).toList());
  }
}
