package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.training.RecalibrationStudy;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Some blocks deleted, each alone, with BatchNorm's statistics estimated anew.
 *
 * @param blocks how many: those whose deletion costs most
 * @param deleted their numbers, once it is known which they are
 * @param calibration what they are estimated from
 * @param images what the lesions are measured on
 * @param engine what computes
 */
record RecalibrationWork(
    int blocks, List<Integer> deleted, ImageSet calibration, ImageSet images, Engine engine)
    implements Study<Recalibration> {
  @Override
  public double work(OpenNetwork network) {
    double networks = blocks + 1;
    double images = images().size() + StudyTasks.CALIBRATION * calibration.size();
    return networks * network.model().wiring().blockEvaluations() * images;
  }

  /** In one piece unless asked for smaller ones: its networks share one pass of calibration. */
  @Override
  public StudyTasks<Recalibration> pieces(OpenNetwork network, Engine engine) {
    return StudyTasks.cut(
        study(network, engine), images, engine.pieces().maxCost().orElse(Long.MAX_VALUE));
  }

  private RecalibrationStudy study(OpenNetwork network, Engine engine) {
    return RecalibrationStudy.of(network.weights().orElseThrow())
        .backend(engine.backend())
        .options(engine.options())
        .options(engine.runOptions())
        .calibration(calibration)
        .plan(plan(network));
  }

  @Override
  public Class<Recalibration> type() {
    return Recalibration.class;
  }

  @Override
  public List<Result> shown(Recalibration result) {
    return List.of(result);
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public RecalibrationWork after(List<Result> earlier) {
    LesionReport each = LesionWork.singleDeletions(earlier);
    List<Integer> worst =
        each.rows().stream()
            .sorted(Comparator.comparingInt(this::wrong).reversed())
            .limit(blocks)
            .flatMap(row -> row.lesion().deletedBlocks().stream())
            .flatMap(Set::stream)
            .sorted()
            .toList();
    return new RecalibrationWork(blocks, worst, calibration, images, engine);
  }

  /** On the images of this study alone, so that it is the same however many the other had. */
  private int wrong(LesionRow row) {
    return row.wrongImages().get(0, images.size()).cardinality();
  }

  private LesionPlan plan(OpenNetwork network) {
    return LesionPlan.of(deleted.stream().map(Lesion::delete).toArray(Lesion[]::new))
        .build(network.model().architecture());
  }
}
