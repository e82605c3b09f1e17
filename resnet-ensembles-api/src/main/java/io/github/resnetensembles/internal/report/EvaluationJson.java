package io.github.resnetensembles.internal.report;

import com.google.gson.JsonObject;
import io.github.resnetensembles.Provenance;
import io.github.resnetensembles.Evaluation;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.internal.JsonNode;

/** Evaluations as JSON: counts and the mean loss in nats, null where it is not finite. */
public final class EvaluationJson {
  private EvaluationJson() {}

  public static String write(Evaluation evaluation) {
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
