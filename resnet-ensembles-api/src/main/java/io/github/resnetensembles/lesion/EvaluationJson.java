package io.github.resnetensembles.lesion;

import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;

/** Evaluations as JSON: counts and the mean loss in nats, null where it is not finite. */
final class EvaluationJson {
  private EvaluationJson() {}

  static String write(Evaluation evaluation) {
    JsonObject json = new JsonObject();
    if (!(evaluation.row().lesion() instanceof Lesion.Intact)) {
      json.addProperty("lesion", evaluation.row().lesion().toString());
    }
    json.addProperty("wrong", evaluation.wrong());
    json.addProperty("total", evaluation.total());
    json.addProperty("errorRate", evaluation.errorRate());
    json.addProperty(
        "loss", evaluation.loss().isPresent() ? evaluation.loss().getAsDouble() : null);
    json.add("provenance", JsonNode.tree(Provenance.class, evaluation.provenance()));
    return JsonNode.write(json);
  }
}
