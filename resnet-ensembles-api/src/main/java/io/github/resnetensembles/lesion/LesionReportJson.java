package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Provenance;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lesion reports as JSON. What a row says of itself ({@code wrong}, {@code loss} …) is there for
 * readers; only its operations and tallies are read back.
 */
final class LesionReportJson {
  private static final String KIND = "lesion-report";
  private static final int SCHEMA = 1;

  private LesionReportJson() {}

  static String write(LesionReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    add(json, report);
    return JsonNode.write(json);
  }

  /** Adds the fields of a report to a result that is more than it. */
  static void add(JsonObject json, LesionReport report) {
    json.addProperty("base", report.base().toString());
    json.add("baseOperations", JsonNode.tree(Lesion.class, report.base()));
    json.add("excluded", JsonNode.array(report.excluded()));
    JsonArray records = new JsonArray();
    report
        .records()
        .forEach(range -> records.add(JsonNode.array(List.of(range.from(), range.to()))));
    json.add("records", records);
    json.addProperty("complete", report.complete());
    json.add("baseline", row(report.baseline()));
    JsonArray rows = new JsonArray();
    report.rows().forEach(row -> rows.add(row(row)));
    json.add("rows", rows);
    JsonObject cost = new JsonObject();
    cost.addProperty("blockEvaluations", report.cost().blockEvaluations());
    cost.addProperty("blockEvaluationsWithoutReuse", report.cost().blockEvaluationsWithoutReuse());
    json.add("cost", cost);
    json.add("provenance", JsonNode.tree(Provenance.class, report.provenance()));
  }

  static JsonObject row(LesionRow row) {
    JsonObject json = LesionPlanJson.tree(row.planned());
    Set<Integer> deleted = deleted(row.lesion());
    if (!deleted.isEmpty()) {
      json.add("deleted", JsonNode.array(deleted));
    }
    row.kendallTau()
        .ifPresent(
            tau -> {
              json.add("order", JsonNode.array(row.order()));
              json.addProperty("kendallTau", tau);
            });
    json.addProperty("wrong", row.wrong());
    json.addProperty("total", row.total());
    json.addProperty("errorRate", row.errorRate());
    json.add("loss", number(row.loss()));
    json.addProperty("nonFinite", row.nonFinite());
    json.add("classTotals", JsonNode.array(row.classTotals()));
    json.add("classWrong", JsonNode.array(row.classWrong()));
    JsonArray tallies = new JsonArray();
    row.tallies().forEach(tally -> tallies.add(tally(tally)));
    json.add("tallies", tallies);
    return json;
  }

  /** The blocks that deletions of a lesion name. */
  static Set<Integer> deleted(Lesion lesion) {
    Set<Integer> blocks = new TreeSet<>();
    if (lesion instanceof Lesion.Delete delete) {
      blocks.addAll(delete.blocks());
    } else if (lesion instanceof Lesion.Sequence sequence) {
      sequence.lesions().forEach(part -> blocks.addAll(deleted(part)));
    }
    return blocks;
  }

  private static JsonElement number(OptionalDouble value) {
    return value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE;
  }

  static JsonObject tally(Tally tally) {
    JsonObject json = new JsonObject();
    json.addProperty("from", tally.from());
    json.addProperty("total", tally.total());
    json.addProperty("wrong", tally.wrong());
    json.addProperty("nonFinite", tally.nonFinite());
    json.addProperty("lossUnits", tally.lossUnits().toString());
    json.add("classTotals", JsonNode.array(tally.classTotals()));
    json.add("classWrong", JsonNode.array(tally.classWrong()));
    json.addProperty("correct", tally.correctBits());
    return json;
  }

  static LesionReport parse(String text) {
    return read(JsonNode.parse(text, "the report").ofKind(KIND, SCHEMA));
  }

  /** Reads what {@link #add} added. */
  static LesionReport read(JsonNode node) {
    Provenance provenance = node.get("provenance").as(Provenance.class);
    Architecture architecture = provenance.architecture();
    Lesion base = node.get("baseOperations").as(Lesion.class);
    Wirings.Damaged view =
        node.get("baseOperations").build(() -> new Wirings.Damaged(base, architecture));
    StepBudget budget = new StepBudget("the report");
    JsonNode cost = node.get("cost");
    return node.build(
        () ->
            new LesionReport(
                base,
                readRow(node.get("baseline"), view, budget),
                node.get("rows").list(row -> readRow(row, view, budget)),
                node.get("excluded").list(JsonNode::integer),
                new Cost(
                    cost.get("blockEvaluations").longInteger(),
                    cost.get("blockEvaluationsWithoutReuse").longInteger()),
                node.get("records").list(LesionReportJson::readRange),
                provenance));
  }

  private static RecordRange readRange(JsonNode node) {
    List<Integer> ends = node.list(JsonNode::integer);
    if (ends.size() != 2) {
      throw node.error("must be two record numbers");
    }
    return node.build(() -> new RecordRange(ends.get(0), ends.get(1)));
  }

  /** Reads a row of a view; many rows share a budget. */
  static LesionRow readRow(JsonNode node, Wirings.Damaged view, StepBudget budget) {
    PlannedLesion planned = LesionPlanJson.readRow(node);
    List<Tally> tallies = node.get("tallies").list(LesionReportJson::readTally);
    return node.build(
        () -> {
          Wiring wiring = view.with(planned.lesion());
          budget.take(planned.lesion(), wiring);
          return new LesionRow(planned, wiring.order(), tallies);
        });
  }

  static Tally readTally(JsonNode node) {
    return node.build(
        () ->
            new Tally(
                node.get("from").integer(),
                node.get("total").integer(),
                node.get("wrong").integer(),
                node.get("nonFinite").integer(),
                readUnits(node.get("lossUnits")),
                node.get("classTotals").list(JsonNode::integer),
                node.get("classWrong").list(JsonNode::integer),
                node.get("correct").text()));
  }

  private static BigInteger readUnits(JsonNode node) {
    String digits = node.text();
    if (!digits.matches("-?[0-9]{1,400}")) {
      throw node.error("must be an integer in decimal digits");
    }
    return new BigInteger(digits);
  }
}
