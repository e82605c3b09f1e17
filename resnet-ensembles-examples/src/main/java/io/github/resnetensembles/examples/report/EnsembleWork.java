package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
import java.util.BitSet;
import java.util.List;

/**
 * Networks with one block deleted as an ensemble: those that are fit to be members by the images
 * that the single deletions were measured on and this is not. Where fewer than two are fit, there
 * is no ensemble; it is measured of all then, and the report says so.
 *
 * @param members their lesions, once it is known which they are
 * @param images what the ensemble is measured on
 */
record EnsembleWork(List<Lesion> members, ImageSet images) implements Study<EnsembleAnalysis> {
  /** Members are chosen by the first half of the images of the single deletions. */
  static EnsembleWork on(ImageSet deletions) {
    int half = deletions.size() / 2;
    return new EnsembleWork(List.of(), deletions.range(half, deletions.size() - half));
  }

  /** As if all were members. */
  @Override
  public double work(OpenNetwork network) {
    return network.model().lesions().deleteEachBlock().cost(images).blockEvaluations();
  }

  private LesionStudy study(OpenNetwork network) {
    return network.model().lesions().lesions(members.toArray(Lesion[]::new));
  }

  /** Predictions are averaged, which cannot be cut. */
  @Override
  public StudyTasks<EnsembleAnalysis> pieces(OpenNetwork network, Engine engine) {
    LesionStudy study = study(network).options(engine.runOptions());
    return StudyTasks.whole(
        EnsembleAnalysis.class,
        "average " + members.size() + " deletions",
        study.provenance(images),
        study.plan().toJson() + " on the records " + RecordRange.of(images),
        Math.max(1, study.cost(images).blockEvaluations()),
        listener ->
            study.options(engine.runOptions().withListener(listener)).runAsEnsemble(images));
  }

  @Override
  public Class<EnsembleAnalysis> type() {
    return EnsembleAnalysis.class;
  }

  @Override
  public List<Result> shown(EnsembleAnalysis result) {
    return List.of(result);
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public EnsembleWork after(List<Result> earlier) {
    LesionReport each = LesionWork.singleDeletions(earlier);
    BitSet choosing = each.baseline().records();
    RecordRange own = RecordRange.of(images);
    choosing.clear(own.from(), own.end());
    List<Lesion> fit = EnsembleAnalysis.fitMembers(each, choosing);
    return new EnsembleWork(
        fit.size() < 2 ? each.rows().stream().map(LesionRow::lesion).toList() : fit, images);
  }
}
