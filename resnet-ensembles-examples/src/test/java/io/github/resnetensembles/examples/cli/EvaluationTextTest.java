package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.report.Results;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Twelve classes, of which four records are looked at: one damaged, one not finite. */
  private static Evaluation twelveClasses() {
    BitSet correct = new BitSet();
    correct.set(0);
    BitSet skipped = new BitSet();
    skipped.set(2);
    BitSet top5 = new BitSet();
    top5.set(0, 2);
    List<Integer> totals = new ArrayList<>(Collections.nCopies(12, 0));
    List<Integer> wrong = new ArrayList<>(totals);
    totals.set(3, 3);
    wrong.set(3, 2);
    Tally tally =
        Tally.of(7, correct, skipped, 1, BigInteger.ONE.shiftLeft(33), totals, wrong)
            .withTop5(top5)
            .withImageValues(
                Tally.ImageValues.of(
                    new double[] {0.5, 1.5, Double.NaN}, new double[] {2, -0.25, Double.NaN}));
    Evaluation ten = Reports.evaluation(20, 12, true);
    return new Evaluation(
        new LesionRow(ten.row().planned(), ten.row().order(), List.of(tally)), ten.provenance());
  }

  @Test
  void imagesAreThereIfAskedFor() {
    Evaluation evaluation = twelveClasses();
    String json = EvaluationText.json(evaluation, new double[0][], true);

    assertThat(json)
        .contains(
            "\"wrong\":2,\"top5Wrong\":1,\"total\":3,\"skipped\":1,",
            "\"images\":[{\"record\":7,\"correct\":true,\"top5\":true,\"loss\":0.5,\"margin\":2.0},"
                + "{\"record\":8,\"correct\":false,\"top5\":true,\"loss\":1.5,\"margin\":-0.25},"
                + "{\"record\":10,\"correct\":false,\"top5\":false,\"loss\":null,\"margin\":null}],"
                + "\"provenance\":{");
    assertThat(Results.fromJson(json)).isEqualTo(evaluation);
    assertThat(EvaluationText.csv(evaluation))
        .isEqualTo(
            """
            record,correct,top5,loss,margin
            7,true,true,0.5,2.0
            8,false,true,1.5,-0.25
            10,false,false,,
            """);
  }

  @Test
  void csvHasSkippedAndTop5WhereThereAreAny() {
    Evaluation all = twelveClasses();
    Tally tally = all.row().tallies().get(0);
    Tally counts =
        new Tally(
            tally.from(),
            tally.total(),
            tally.wrong(),
            tally.nonFinite(),
            tally.lossUnits(),
            tally.classTotals(),
            tally.classWrong(),
            tally.correctBits(),
            tally.skippedBits(),
            tally.top5Bits(),
            Map.of(),
            Optional.empty());
    Evaluation evaluation =
        new Evaluation(
            new LesionRow(all.row().planned(), all.row().order(), List.of(counts)),
            all.provenance());
    assertThat(EvaluationText.csv(evaluation))
        .isEqualTo("wrong,total,errorRate,loss,skipped,top5Wrong\n2,3,0.6666666666666666,,1,1\n");
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
