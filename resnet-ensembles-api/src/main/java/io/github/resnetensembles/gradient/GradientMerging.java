package io.github.resnetensembles.gradient;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.SameStudy;
import io.github.resnetensembles.result.MergeOption;
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

  static PathGradients merge(List<PathGradients> results, MergeOption... options) {
    SameStudy<PathGradients> study = new SameStudy<>(results);
    study.require("network", result -> result.provenance().architecture());
    study.require("lesion of the view", PathGradients::view);
    study.require("protocol", PathGradients::protocol);
    Provenance provenance =
        Provenance.merge(results.stream().map(PathGradients::provenance).toList(), options);
    study.require("first record", PathGradients::firstRecord);
    study.require("number of planned batches", PathGradients::plannedBatches);
    study.require("number of images left out", PathGradients::leftOut);
    study.require("cost", PathGradients::cost);
    Map<Integer, BatchGradients> batches = new TreeMap<>();
    for (PathGradients piece : results) {
      for (BatchGradients batch : piece.batches()) {
        BatchGradients other = batches.putIfAbsent(batch.firstRecord(), batch);
        if (other != null && !other.equals(batch)) {
          throw disagreement(batch);
        }
      }
    }
    PathGradients first = results.get(0);
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
