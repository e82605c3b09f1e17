package io.github.resnetensembles.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Results of training as JSON and CSV. */
final class TrainingResultText {
  private static final int SCHEMA = 1;
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

  private TrainingResultText() {}

  static String json(TrainingResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.add("recipe", RecipeJson.tree(result.recipe()));
    json.addProperty("trainingSet", result.trainingSet());
    json.addProperty("trainingSha256", result.trainingSha256());
    json.add("epochs", epochs(result.epochs()));
    json.add("provenance", JsonNode.tree(Provenance.class, result.provenance()));
    return JsonNode.write(json);
  }

  static String csv(List<EpochRecord> epochs) {
    List<List<Object>> lines = new ArrayList<>();
    for (EpochRecord epoch : epochs) {
      lines.add(
          List.of(
              epoch.epoch(),
              epoch.steps(),
              epoch.learningRate(),
              epoch.trainingLoss(),
              epoch.trainingErrorRate(),
              epoch.wrong(),
              epoch.total(),
              epoch.errorRate(),
              epoch.loss()));
    }
    return Csv.write(COLUMNS, lines);
  }

  static JsonArray epochs(List<EpochRecord> epochs) {
    JsonArray array = new JsonArray();
    for (EpochRecord epoch : epochs) {
      JsonObject json = new JsonObject();
      json.addProperty("epoch", epoch.epoch());
      json.addProperty("steps", epoch.steps());
      json.addProperty("learningRate", epoch.learningRate());
      json.addProperty("trainingLoss", epoch.trainingLoss());
      json.addProperty("trainingErrorRate", epoch.trainingErrorRate());
      json.addProperty("wrong", epoch.wrong());
      json.addProperty("total", epoch.total());
      json.addProperty("errorRate", epoch.errorRate());
      json.addProperty("loss", epoch.loss().isPresent() ? epoch.loss().getAsDouble() : null);
      array.add(json);
    }
    return array;
  }

  static EpochRecord readEpoch(JsonNode node) {
    return new EpochRecord(
        node.get("epoch").integer(),
        node.get("steps").longInteger(),
        node.get("learningRate").number(),
        node.get("trainingLoss").number(),
        node.get("trainingErrorRate").number(),
        node.get("wrong").integer(),
        node.get("total").integer(),
        node.find("loss")
            .map(loss -> OptionalDouble.of(loss.number()))
            .orElse(OptionalDouble.empty()));
  }
}
