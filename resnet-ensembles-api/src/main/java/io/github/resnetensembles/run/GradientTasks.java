package io.github.resnetensembles.run;

import com.google.gson.JsonObject;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A measurement of gradients in pieces: some batches each. */
final class GradientTasks {
  private GradientTasks() {}

  static StudyTasks<PathGradients> cut(GradientProbe probe, ImageSet images, long maxCost) {
    if (maxCost < 1) {
      throw new InvalidInputException(
          "a task may cost at least 1 block evaluation, got " + maxCost);
    }
    GradientCost cost = probe.cost(images);
    // What cannot be cut is refused before anything is run.
    GradientCost unused = probe.batches(1, cost.batches()).cost(images);
    Provenance provenance = probe.provenance(images);
    JsonObject asked = new JsonObject();
    asked.add("protocol", JsonNode.tree(GradientProtocol.class, probe.protocol()));
    asked.add("view", JsonNode.tree(Lesion.class, probe.view()));
    asked.add("records", JsonNode.tree(RecordRange.class, RecordRange.of(images)));
    String key = TaskKey.ofStudy(JsonMappings.kind(PathGradients.class), provenance, asked);
    double batch = StudyTasks.VJP * cost.blockVjps() * provenance.batchSize();
    int together = (int) Math.max(1, Math.min(cost.batches(), Math.floor(maxCost / batch)));
    List<StudyTask<PathGradients>> tasks = new ArrayList<>();
    for (int from = 1; from <= cost.batches(); from += together) {
      int to = Math.min(cost.batches(), from + together - 1);
      JsonObject piece = new JsonObject();
      piece.addProperty("from", from);
      piece.addProperty("to", to);
      GradientProbe part = probe.batches(from, to);
      tasks.add(
          new CutTask<>(
              PathGradients.class,
              key,
              TaskKey.ofTask(key, piece),
              "gradients of the batches %s to %s of %s".formatted(from, to, cost.batches()),
              Math.max(1, Math.round(batch * (to - from + 1))),
              listener -> part.options(probe.options().withListener(listener)).run(images)));
    }
    return new CutStudy<>(
        PathGradients.class,
        key,
        "gradients on %s batches of %s".formatted(cost.batches(), images.name()),
        tasks,
        Math.max(1, Math.round(batch * cost.batches())),
        provenance,
        results -> PathGradients.merge(results, MergeOption.MIXED),
        Optional.empty());
  }
}
