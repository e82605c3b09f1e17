package io.github.resnetensembles.examples.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.lesion.Evaluation;

/** An evaluation as JSON and CSV. */
final class EvaluationText {
  private static final Gson NULLS_TOO = new GsonBuilder().serializeNulls().create();

  private EvaluationText() {}

  /**
   * The evaluation, with the logits if there are any; numbers that are none are null. One that was
   * interrupted says so, and which records it is of.
   */
  static String json(Evaluation evaluation, double[][] logits, boolean complete) {
    if (logits.length == 0 && complete) {
      return evaluation.toJson() + "\n";
    }
    JsonObject json = JsonParser.parseString(evaluation.toJson()).getAsJsonObject();
    JsonElement provenance = json.remove("provenance");
    if (!complete) {
      PartialJson.mark(json, evaluation.row());
    }
    if (logits.length > 0) {
      JsonArray rows = new JsonArray();
      for (double[] image : logits) {
        rows.add(row(image));
      }
      json.add("logits", rows);
    }
    json.add("provenance", provenance);
    return NULLS_TOO.toJson(json) + "\n";
  }

  static String csv(Evaluation evaluation) {
    return "wrong,total,errorRate,loss\n%s,%s,%s,%s\n"
        .formatted(
            evaluation.wrong(),
            evaluation.total(),
            evaluation.errorRate(),
            evaluation.loss().isPresent() ? String.valueOf(evaluation.loss().getAsDouble()) : "");
  }

  private static JsonArray row(double[] logits) {
    JsonArray row = new JsonArray();
    for (double value : logits) {
      // Nobody expects a minus sign before a zero.
      double shown = value == 0 ? 0.0 : value;
      row.add(Double.isFinite(value) ? new JsonPrimitive(shown) : JsonNull.INSTANCE);
    }
    return row;
  }
}
