package io.github.resnetensembles.gradient;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.merging.Pieces;
import io.github.resnetensembles.result.Provenance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Merging of gradients: the union of sets of batches, refused if two of one batch contradict each
 * other. All pieces know the whole that they are of.
 */
final class GradientMerging {
  private GradientMerging() {}

  static PathGradients merge(List<PathGradients> results, boolean allowUnverified) {
    Pieces<PathGradients> pieces = new Pieces<>("result", results);
    pieces.requireOneSource();
    pieces.requireSame("lesion of the view", PathGradients::view);
    pieces.requireSame("protocol", PathGradients::protocol);
    pieces.requireSame("first record", PathGradients::firstRecord);
    pieces.requireSame("number of planned batches", PathGradients::plannedBatches);
    pieces.requireSame("number of images left out", PathGradients::leftOut);
    pieces.requireSame("cost", PathGradients::cost);
    Provenance provenance = pieces.provenance(allowUnverified);
    Map<Integer, BatchGradients> batches = new TreeMap<>();
    for (PathGradients piece : results) {
      for (BatchGradients batch : piece.batches()) {
        BatchGradients other = batches.putIfAbsent(batch.firstRecord(), batch);
        if (other != null && !other.equals(batch)) {
          throw disagreement(batch);
        }
      }
    }
    PathGradients first = pieces.first();
    return new PathGradients(
        first.view(),
        first.protocol(),
        List.copyOf(batches.values()),
        first.firstRecord(),
        first.plannedBatches(),
        first.leftOut(),
        first.cost(),
        provenance);
  }

  private static MergeException disagreement(BatchGradients batch) {
    int from = batch.firstRecord();
    return new MergeException(
        "the gradients of the batch of records %s disagree; merge only shards of one study"
            .formatted(new RecordRange(from, from + batch.images())));
  }
}
