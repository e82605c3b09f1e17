package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Provenance;
import java.util.List;

/**
 * Reads what has rows. What a row says of itself ({@code wrong}, {@code loss} …) is there for
 * readers; only its operations and tallies are read back, and its order is that of the wiring which
 * the operations make.
 */
final class LesionReportJson extends RecordMapping<LesionReport> {
  LesionReportJson() {
    super(LesionReport.class);
  }

  @Override
  protected LesionReport readFields(JsonNode node) {
    Provenance provenance = node.get("provenance").as(Provenance.class);
    JsonNode operations = node.get("baseOperations");
    Lesion base = operations.as(Lesion.class);
    Rows rows = operations.build(() -> new Rows(base, provenance.architecture(), "the report"));
    return node.build(
        () ->
            new LesionReport(
                base,
                rows.read(node.get("baseline")),
                node.get("rows").list(rows::read),
                node.get("excluded").list(JsonNode::integer),
                node.get("cost").as(Cost.class),
                node.get("records").list(range -> range.as(RecordRange.class)),
                provenance,
                node.find("plan").map(plan -> plan.as(PlanPart.class))));
  }

  /** Reads rows of one view; they share a budget. */
  private static final class Rows {
    private final Wirings.Damaged view;
    private final StepBudget budget;

    Rows(Lesion base, Architecture architecture, String what) {
      this.view = new Wirings.Damaged(base, architecture);
      this.budget = new StepBudget(what);
    }

    LesionRow read(JsonNode node) {
      PlannedLesion planned = node.as(PlannedLesion.class);
      List<Tally> tallies = node.get("tallies").list(tally -> tally.as(Tally.class));
      return node.build(
          () -> {
            Wiring wiring = view.with(planned.lesion());
            budget.take(planned.lesion(), wiring);
            return new LesionRow(planned, wiring.order(), tallies);
          });
    }
  }

  /** Reads a recalibration, which has the fields of a report. */
  static final class OfRecalibration extends RecordMapping<Recalibration> {
    OfRecalibration() {
      super(Recalibration.class);
    }

    @Override
    protected Recalibration readFields(JsonNode node) {
      LesionReport report = new LesionReportJson().readFields(node);
      Rows rows = new Rows(report.base(), report.provenance().architecture(), "the recalibration");
      return node.build(
          () ->
              new Recalibration(
                  report,
                  node.get("recalibrated").list(rows::read),
                  rows.read(node.get("recalibratedBaseline")),
                  node.get("calibration").text(),
                  node.get("calibrationSha256").text(),
                  node.get("calibrationBatchSize").integer()));
    }
  }

  /** Reads an evaluation, which has the fields of a row. */
  static final class OfEvaluation extends RecordMapping<Evaluation> {
    OfEvaluation() {
      super(Evaluation.class);
    }

    @Override
    protected Evaluation readFields(JsonNode node) {
      Provenance provenance = node.get("provenance").as(Provenance.class);
      Rows rows = new Rows(Lesion.intact(), provenance.architecture(), "the evaluation");
      return new Evaluation(rows.read(node), provenance);
    }
  }
}
