package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.report.Results;
import org.junit.jupiter.api.Test;

class EvaluationTextTest {
  @Test
  void jsonHasTheContractsFields() {
    String json =
        EvaluationText.json(
            Reports.evaluation(20, 12, false), new double[][] {{1.5, Double.NaN}}, true);

    assertThat(json)
        .contains(
            "\"wrong\":12,\"total\":20,\"errorRate\":0.6,\"loss\":1.0,",
            "\"logits\":[[1.5,null]],\"provenance\":{")
        .endsWith("}\n");
    assertThat(
            JsonParser.parseString(json)
                .getAsJsonObject()
                .getAsJsonObject("provenance")
                .get("trained")
                .getAsBoolean())
        .isFalse();
  }

  @Test
  void noLogitIsMinusZero() {
    assertThat(
            EvaluationText.json(
                Reports.evaluation(20, 12, true), new double[][] {{-0.0, -1e-300}}, true))
        .contains("\"logits\":[[0.0,-1.0E-300]]");
  }

  @Test
  void logitsAreThereOnlyIfAskedFor() {
    assertThat(EvaluationText.json(Reports.evaluation(20, 12, true), new double[0][], true))
        .contains("\"wrong\":12,\"total\":20,\"errorRate\":0.6,\"loss\":1.0,")
        .doesNotContain("\"logits\"");
  }

  @Test
  void withLogitsOrWithoutItIsReadAgain() {
    Evaluation evaluation = Reports.evaluation(20, 12, true);
    assertThat(Results.fromJson(EvaluationText.json(evaluation, new double[][] {{1, 2}}, true)))
        .isEqualTo(evaluation);
  }

  @Test
  void csvHasOneLineForTheRow() {
    assertThat(EvaluationText.csv(Reports.evaluation(20, 12, true)))
        .isEqualTo("wrong,total,errorRate,loss\n12,20,0.6,1.0\n");
  }

  @Test
  void anInterruptedOneSaysSoAndOfWhichRecordsItIs() {
    JsonObject json =
        JsonParser.parseString(
                EvaluationText.json(Reports.evaluation(20, 12, true), new double[0][], false))
            .getAsJsonObject();
    assertThat(json.get("complete").getAsBoolean()).isFalse();
    assertThat(json.get("records").toString()).isEqualTo("[[0,20]]");
    assertThat(json.get("total").getAsInt()).isEqualTo(20);
  }
}
