package io.github.resnetensembles.run;

import com.google.gson.JsonObject;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.training.RecalibrationCost;
import io.github.resnetensembles.training.RecalibrationStudy;
import java.util.ArrayList;
import java.util.List;

/**
 * A study of recalibration in pieces: some lesions each. All images are in every piece, for
 * statistics are of all calibration images, and results have all lesions for all images.
 */
final class RecalibrationTasks {
  private static final Interrupts INTERRUPTS = Interrupts.during("a study was cut");

  private final RecalibrationStudy study;
  private final LesionPlan plan;
  private final ImageSet images;
  private final long maxCost;

  private RecalibrationTasks(RecalibrationStudy study, ImageSet images, long maxCost) {
    this.study = study;
    this.plan = study.plan();
    this.images = images;
    this.maxCost = maxCost;
  }

  static StudyTasks<Recalibration> cut(RecalibrationStudy study, ImageSet images, long maxCost) {
    if (maxCost < 1) {
      throw new InvalidInputException(
          "a task may cost at least 1 block evaluation, got " + maxCost);
    }
    RecalibrationTasks cut = new RecalibrationTasks(study, images, maxCost);
    // What cannot be run is refused before the network is opened.
    long wholeCost = cut.cost(cut.plan);
    Provenance provenance = study.provenance(images);
    String key = TaskKey.ofStudy(JsonMappings.kind(Recalibration.class), provenance, cut.asked());
    return new CutStudy<>(
        Recalibration.class,
        key,
        "recalibrate after %s, on the records %s of %s"
            .formatted(cut.plan.description(), RecordRange.of(images), images.name()),
        cut.pieces(provenance.architecture()).stream().map(piece -> cut.task(key, piece)).toList(),
        wholeCost,
        provenance,
        cut::merge);
  }

  private JsonObject asked() {
    ImageSet calibration = study.calibration();
    JsonObject asked = new JsonObject();
    asked.addProperty("plan", plan.sha256());
    asked.add("part", JsonNode.tree(PlanPart.class, plan.rowsOfPlan()));
    asked.add("records", JsonNode.tree(RecordRange.class, RecordRange.of(images)));
    // Results say what the images are called.
    asked.addProperty("calibration", calibration.name());
    asked.addProperty("calibrationSha256", calibration.sha256());
    asked.add("calibrationRecords", JsonNode.tree(RecordRange.class, RecordRange.of(calibration)));
    asked.addProperty("calibrationBatchSize", study.batchSize());
    return asked;
  }

  /**
   * As few as may be: as many lesions as a task may cost, in the order of a walk along the tree of
   * prefixes, so that those of a piece have much in common.
   */
  private List<LesionPlan> pieces(Architecture architecture) {
    List<Integer> walk = new ArrayList<>();
    for (LesionPlan.Group row : plan.cut(Lesion.intact(), architecture, 1, 1)) {
      walk.addAll(row.rows());
    }
    List<LesionPlan> pieces = new ArrayList<>();
    int from = 0;
    while (from < walk.size()) {
      INTERRUPTS.check();
      LesionPlan piece = longest(walk.subList(from, walk.size()));
      pieces.add(piece);
      from += piece.rows().size();
    }
    return pieces;
  }

  /** The first rows, as many as a task may have; at least one. */
  private LesionPlan longest(List<Integer> rows) {
    int fits = 1;
    int tooMany = 2;
    while (tooMany <= rows.size() && isCheap(rows.subList(0, tooMany))) {
      fits = tooMany;
      tooMany *= 2;
    }
    tooMany = Math.min(tooMany, rows.size() + 1);
    while (tooMany - fits > 1) {
      int middle = (fits + tooMany) / 2;
      if (isCheap(rows.subList(0, middle))) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return part(rows.subList(0, fits));
  }

  private boolean isCheap(List<Integer> rows) {
    return cost(part(rows)) <= maxCost;
  }

  private LesionPlan part(List<Integer> rows) {
    return plan.part(rows.stream().sorted().toList());
  }

  private long cost(LesionPlan rows) {
    RecalibrationCost cost = study.only(rows).cost(images);
    return Math.max(
        1, cost.evaluations() + Math.round(StudyTasks.CALIBRATION * cost.calibrations()));
  }

  private StudyTask<Recalibration> task(String key, LesionPlan piece) {
    RecalibrationStudy part = study.only(piece);
    return new CutTask<>(
        Recalibration.class,
        key,
        TaskKey.ofTask(key, JsonNode.tree(PlanPart.class, piece.rowsOfPlan())),
        "recalibrate after %s of %s lesions".formatted(piece.rows().size(), plan.rows().size()),
        cost(piece),
        listener -> part.options(study.options().withListener(listener)).run(images));
  }

  /** What the store let in may be mixed. */
  private Recalibration merge(List<Recalibration> results) {
    Recalibration merged = Recalibration.merge(results, MergeOption.MIXED);
    LesionReport report = LesionTasks.ofPlan(plan, merged.report());
    return new Recalibration(
        report,
        merged.recalibrated(),
        merged.recalibratedBaseline(),
        merged.calibration(),
        merged.calibrationSha256(),
        merged.batchSize());
  }
}
