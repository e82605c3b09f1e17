package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The batches that a set of images makes, and which of them are there. */
final class PlannedBatches {
  private PlannedBatches() {}

  /** Every batch is one of those planned. */
  static void check(List<BatchGradients> batches, int firstRecord, int planned) {
    int size = batches.get(0).images();
    for (BatchGradients batch : batches) {
      long before = (long) batch.firstRecord() - firstRecord;
      if (before < 0 || before % size != 0 || before / size >= planned) {
        throw new InvalidInputException(
            "the batch from record %s is none of %s batches of %s images from record %s on"
                .formatted(batch.firstRecord(), planned, size, firstRecord));
      }
    }
  }

  /** The runs of batches that are missing, numbered from 1. */
  static List<String> missing(PathGradients gradients) {
    BitSet there = new BitSet();
    for (BatchGradients batch : gradients.batches()) {
      there.set((batch.firstRecord() - gradients.firstRecord()) / batch.images());
    }
    int planned = gradients.plannedBatches();
    List<String> missing = new ArrayList<>();
    for (int from = there.nextClearBit(0); from < planned; ) {
      int next = there.nextSetBit(from);
      int end = next < 0 ? planned : next;
      missing.add(
          end - from == 1
              ? "batch %s of %s".formatted(end, planned)
              : "batches %s to %s of %s".formatted(from + 1, end, planned));
      from = there.nextClearBit(end);
    }
    return missing;
  }
}
