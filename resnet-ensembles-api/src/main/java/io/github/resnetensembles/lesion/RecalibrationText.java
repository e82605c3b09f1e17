package io.github.resnetensembles.lesion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Recalibrations as JSON and CSV. The JSON has the fields of a lesion report with the trained
 * statistics, and beside them the rows with the new ones; {@code comparisons} is there for readers
 * and not read back.
 */
final class RecalibrationText {
  private static final String KIND = "recalibration";
  private static final int SCHEMA = 1;
  private static final List<String> COLUMNS =
      List.of(
          "lesion",
          "k",
          "draw",
          "total",
          "wrong",
          "errorRate",
          "loss",
          "recalibratedWrong",
          "recalibratedErrorRate",
          "recalibratedLoss",
          "recovered",
          "lost",
          "won",
          "pValue",
          "holm",
          "benjaminiHochberg",
          "baselineWrong",
          "recalibratedBaselineWrong");

  private RecalibrationText() {}

  static String json(Recalibration result) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", KIND);
    json.addProperty("calibration", result.calibration());
    json.addProperty("calibrationSha256", result.calibrationSha256());
    json.addProperty("calibrationBatchSize", result.batchSize());
    json.add("recalibratedBaseline", LesionReportJson.row(result.recalibratedBaseline()));
    JsonArray recalibrated = new JsonArray();
    result.recalibrated().forEach(row -> recalibrated.add(LesionReportJson.row(row)));
    json.add("recalibrated", recalibrated);
    json.add("comparisons", comparisons(result));
    LesionReportJson.add(json, result.report());
    return JsonNode.write(json);
  }

  private static JsonArray comparisons(Recalibration result) {
    JsonArray comparisons = new JsonArray();
    List<OptionalDouble> recovered = result.recovered();
    for (PairedTest test : result.pairedTests()) {
      OptionalDouble share = recovered.get(comparisons.size());
      JsonObject json = new JsonObject();
      json.addProperty("lesion", test.planned().lesion().toString());
      json.addProperty("recovered", share.isPresent() ? share.getAsDouble() : null);
      json.addProperty("lost", test.lost());
      json.addProperty("won", test.won());
      json.addProperty("pValue", test.pValue());
      json.addProperty("holm", test.holm());
      json.addProperty("benjaminiHochberg", test.benjaminiHochberg());
      comparisons.add(json);
    }
    return comparisons;
  }

  static Recalibration parse(String text) {
    JsonNode node = JsonNode.parse(text, "the text").ofKind(KIND, SCHEMA);
    LesionReport report = LesionReportJson.read(node);
    Wirings.Damaged view = new Wirings.Damaged(report.base(), report.provenance().architecture());
    StepBudget budget = new StepBudget("the recalibration");
    return node.build(
        () ->
            new Recalibration(
                report,
                node.get("recalibrated").list(row -> LesionReportJson.readRow(row, view, budget)),
                LesionReportJson.readRow(node.get("recalibratedBaseline"), view, budget),
                node.get("calibration").text(),
                node.get("calibrationSha256").text(),
                node.get("calibrationBatchSize").integer()));
  }

  static String csv(Recalibration result) {
    List<PairedTest> tests = result.pairedTests();
    List<OptionalDouble> recovered = result.recovered();
    List<List<Object>> lines = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      LesionRow row = result.report().rows().get(i);
      LesionRow other = result.recalibrated().get(i);
      PlannedLesion planned = row.planned();
      PairedTest test = tests.get(i);
      lines.add(
          List.of(
              planned.lesion(),
              planned.k(),
              planned.draw(),
              row.total(),
              row.wrong(),
              row.errorRate(),
              row.loss(),
              other.wrong(),
              other.errorRate(),
              other.loss(),
              recovered.get(i),
              test.lost(),
              test.won(),
              test.pValue(),
              test.holm(),
              test.benjaminiHochberg(),
              result.report().baseline().wrong(),
              result.recalibratedBaseline().wrong()));
    }
    return Csv.write(COLUMNS, lines);
  }
}
