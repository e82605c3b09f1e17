package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Plans as JSON. */
final class LesionPlanJson {
  private static final String KIND = "lesion-plan";
  private static final int SCHEMA = 1;

  private LesionPlanJson() {}

  static String write(LesionPlan plan) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("blocks", plan.blocks());
    json.addProperty("description", plan.description());
    json.add("excluded", JsonNode.array(plan.excluded()));
    JsonArray rows = new JsonArray();
    plan.rows().forEach(row -> rows.add(tree(row)));
    json.add("rows", rows);
    return JsonNode.write(json);
  }

  /** A planned lesion, as plans and reports have it. */
  static JsonObject tree(PlannedLesion row) {
    JsonObject json = new JsonObject();
    json.addProperty("lesion", row.lesion().toString());
    json.add("operations", JsonNode.tree(Lesion.class, row.lesion()));
    row.k().ifPresent(k -> json.addProperty("k", k));
    row.draw().ifPresent(draw -> json.addProperty("draw", draw));
    row.seed().ifPresent(seed -> json.addProperty("seed", seed));
    row.plan().ifPresent(plan -> json.addProperty("plan", plan));
    return json;
  }

  static PlannedLesion readRow(JsonNode node) {
    Lesion lesion = node.get("operations").as(Lesion.class);
    OptionalInt k = optional(node.find("k"));
    OptionalInt draw = optional(node.find("draw"));
    OptionalLong seed =
        node.find("seed").map(n -> OptionalLong.of(n.longInteger())).orElse(OptionalLong.empty());
    OptionalInt plan = optional(node.find("plan"));
    return node.build(() -> new PlannedLesion(lesion, k, draw, seed, plan));
  }

  private static OptionalInt optional(Optional<JsonNode> node) {
    return node.map(n -> OptionalInt.of(n.integer())).orElse(OptionalInt.empty());
  }

  static LesionPlan parse(String text) {
    JsonNode node = JsonNode.parse(text, "the plan").ofKind(KIND, SCHEMA);
    List<PlannedLesion> rows = node.get("rows").list(LesionPlanJson::readRow);
    if (rows.isEmpty()) {
      throw node.get("rows").error("is empty: a plan needs at least one lesion");
    }
    int blocks = node.get("blocks").integer();
    String description = node.get("description").text();
    List<Integer> excluded = node.get("excluded").list(JsonNode::integer);
    return node.build(() -> new LesionPlan(blocks, description, excluded, rows));
  }
}
