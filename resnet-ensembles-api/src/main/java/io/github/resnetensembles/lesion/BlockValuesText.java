package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Block values as JSON and CSV. */
final class BlockValuesText {
  private static final String KIND = "block-values";
  private static final int SCHEMA = 1;

  private static final List<String> COLUMNS =
      List.of(
          "block",
          "shapley",
          "low",
          "high",
          "banzhaf",
          "banzhafLow",
          "banzhafHigh",
          "lowOverImages",
          "highOverImages");

  private BlockValuesText() {}

  static String json(BlockValues values) {
    LesionReport report = values.report();
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("payoff", values.payoff().name().toLowerCase(Locale.ROOT));
    json.addProperty("exact", values.exact());
    json.addProperty("draws", values.draws());
    report.rows().get(0).planned().seed().ifPresent(seed -> json.addProperty("seed", seed));
    json.addProperty("level", values.blocks().get(0).shapley().interval().level());
    json.addProperty("base", report.base().toString());
    json.add("excluded", JsonNode.array(report.excluded()));
    JsonArray records = new JsonArray();
    report
        .records()
        .forEach(range -> records.add(JsonNode.array(List.of(range.from(), range.to()))));
    json.add("records", records);
    json.addProperty("full", values.full());
    json.addProperty("empty", values.empty());
    JsonArray blocks = new JsonArray();
    values.blocks().forEach(block -> blocks.add(block(block)));
    json.add("blocks", blocks);
    JsonArray interactions = new JsonArray();
    values.interactions().forEach(interaction -> interactions.add(interaction(interaction)));
    json.add("interactions", interactions);
    JsonObject cost = new JsonObject();
    cost.addProperty("blockEvaluations", report.cost().blockEvaluations());
    cost.addProperty("blockEvaluationsWithoutReuse", report.cost().blockEvaluationsWithoutReuse());
    json.add("cost", cost);
    json.add("provenance", JsonNode.tree(Provenance.class, report.provenance()));
    return JsonNode.write(json);
  }

  private static JsonObject block(BlockValue value) {
    JsonObject json = new JsonObject();
    json.addProperty("block", value.block());
    json.addProperty("shapley", value.shapley().value());
    json.addProperty("low", value.shapley().interval().low());
    json.addProperty("high", value.shapley().interval().high());
    json.addProperty("banzhaf", value.banzhaf().value());
    json.addProperty("banzhafLow", value.banzhaf().interval().low());
    json.addProperty("banzhafHigh", value.banzhaf().interval().high());
    value
        .shapleyOverImages()
        .ifPresent(
            interval -> {
              json.addProperty("lowOverImages", interval.low());
              json.addProperty("highOverImages", interval.high());
            });
    return json;
  }

  private static JsonObject interaction(BlockInteraction interaction) {
    JsonObject json = new JsonObject();
    json.add("blocks", JsonNode.array(List.of(interaction.first(), interaction.second())));
    json.addProperty("value", interaction.value());
    return json;
  }

  static String csv(BlockValues values) {
    List<List<Object>> lines = new ArrayList<>();
    for (BlockValue value : values.blocks()) {
      JsonObject json = block(value);
      lines.add(
          COLUMNS.stream()
              .<Object>map(field -> json.has(field) ? json.get(field).getAsNumber() : "")
              .toList());
    }
    return Csv.write(COLUMNS, lines);
  }
}
