package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.RecalibrationStudy;
import java.util.List;

/**
 * Each block deleted, with BatchNorm's statistics estimated anew.
 *
 * @param calibration what they are estimated from
 * @param images what the lesions are measured on
 * @param engine what computes
 */
record RecalibrationWork(ImageSet calibration, ImageSet images, Engine engine)
    implements Study<Recalibration> {
  /** An evaluation, and an estimate whose forward pass computes statistics too. */
  private static final double ESTIMATE = 1.3;

  @Override
  public double work(OpenNetwork network) {
    double networks = network.model().architecture().size() + 1;
    double images = images().size() + ESTIMATE * calibration.size();
    return networks * network.model().wiring().blockEvaluations() * images;
  }

  @Override
  public Recalibration run(OpenNetwork network, RunOptions options) {
    return RecalibrationStudy.of(network.weights())
        .backend(engine.backend())
        .options(engine.options())
        .calibration(calibration)
        .plan(plan(network))
        .options(options)
        .run(images);
  }

  @Override
  public Class<Recalibration> type() {
    return Recalibration.class;
  }

  @Override
  public boolean measured(Recalibration result, OpenNetwork network) {
    return LesionWork.measured(result.report(), plan(network), images)
        && result.calibration().endsWith("records " + RecordRange.of(calibration).toString())
        && result.calibrationSha256().equals(calibration.sha256())
        && result.batchSize() == RecalibrationStudy.DEFAULT_BATCH_SIZE;
  }

  @Override
  public List<Result> shown(Recalibration result) {
    return List.of(result);
  }

  private static LesionPlan plan(OpenNetwork network) {
    return LesionPlan.deleteEach().build(network.model().architecture());
  }
}
