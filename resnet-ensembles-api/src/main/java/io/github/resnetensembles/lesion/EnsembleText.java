package io.github.resnetensembles.lesion;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.RefusedValueException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.statistics.Estimate;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The numbers of an ensemble, and their JSON: the fields of the members' report, the tally of the
 * average, and summaries, which are there for readers and not read back.
 */
final class EnsembleText {
  private static final String KIND = "ensemble-analysis";
  private static final int SCHEMA = 1;

  private EnsembleText() {}

  /** The average is of the images that the members saw. */
  static void check(LesionReport members, Tally average) {
    if (average.total() != members.baseline().total()
        || !average.classTotals().equals(members.baseline().classTotals())) {
      throw new RefusedValueException(
          "the average counts other images than the members: "
              + average.classTotals()
              + " of each class and "
              + members.baseline().classTotals());
    }
  }

  static OptionalDouble meanLoss(EnsembleAnalysis analysis) {
    List<LesionRow> rows = analysis.members().rows();
    return rows.stream().allMatch(row -> row.loss().isPresent())
        ? rows.stream().mapToDouble(row -> row.loss().orElseThrow()).average()
        : OptionalDouble.empty();
  }

  static OptionalDouble averageLoss(EnsembleAnalysis analysis) {
    return Tallies.loss(List.of(analysis.average()));
  }

  static OptionalDouble ambiguity(EnsembleAnalysis analysis) {
    OptionalDouble mean = meanLoss(analysis);
    OptionalDouble average = averageLoss(analysis);
    return mean.isPresent() && average.isPresent()
        ? OptionalDouble.of(mean.getAsDouble() - average.getAsDouble())
        : OptionalDouble.empty();
  }

  static String json(EnsembleAnalysis analysis) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("members", analysis.members().rows().size());
    json.addProperty("total", analysis.average().total());
    json.addProperty("baselineErrorRate", analysis.members().baseline().errorRate());
    json.addProperty("meanErrorRate", analysis.meanErrorRate());
    json.add("averageErrorRate", estimate(analysis.averageErrorRate()));
    json.add("meanLoss", number(meanLoss(analysis)));
    json.add("averageLoss", number(averageLoss(analysis)));
    json.add("ambiguity", number(ambiguity(analysis)));
    json.add("errorCorrelation", errorCorrelation(analysis));
    json.add("average", LesionReportJson.tally(analysis.average()));
    LesionReportJson.add(json, analysis.members());
    return JsonNode.write(json);
  }

  static EnsembleAnalysis parse(String text) {
    JsonNode node = JsonNode.parse(text, "the text").ofKind(KIND, SCHEMA);
    LesionReport members = LesionReportJson.read(node);
    Tally average = LesionReportJson.readTally(node.get("average"));
    return node.build(() -> new EnsembleAnalysis(members, average));
  }

  /** Null where no two members vary. */
  private static JsonElement errorCorrelation(EnsembleAnalysis analysis) {
    try {
      return estimate(analysis.errorCorrelation());
    } catch (InvalidInputException e) {
      return JsonNull.INSTANCE;
    }
  }

  private static JsonObject estimate(Estimate estimate) {
    JsonObject json = new JsonObject();
    json.addProperty("value", estimate.value());
    json.addProperty("low", estimate.interval().low());
    json.addProperty("high", estimate.interval().high());
    return json;
  }

  private static JsonElement number(OptionalDouble value) {
    return value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE;
  }
}
