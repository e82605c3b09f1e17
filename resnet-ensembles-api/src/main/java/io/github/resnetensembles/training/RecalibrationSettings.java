package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.ExitOrder;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.running.WiringsAtOnce;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.training.RunningStatistics.Estimates;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A study of recalibration in the making.
 *
 * @param backend null for the only one there is
 * @param network where and how the backend computes
 * @param statistics images that these are estimated on; null if not set yet
 * @param given null to delete each block
 */
record RecalibrationSettings(
    Weights weights,
    @Nullable Backend backend,
    ModelOptions network,
    @Nullable ImageSet statistics,
    int batchSize,
    @Nullable LesionPlan given,
    RunOptions options)
    implements RecalibrationStudy {
  private static final int MAX_BATCH_SIZE = 65536;

  static RecalibrationSettings of(Weights weights) {
    return new RecalibrationSettings(
        weights,
        null,
        ModelOptions.defaults(),
        null,
        DEFAULT_BATCH_SIZE,
        null,
        RunOptions.defaults());
  }

  @Override
  public RecalibrationSettings backend(Backend backend) {
    return new RecalibrationSettings(
        weights, backend, network, statistics, batchSize, given, options);
  }

  @Override
  public RecalibrationSettings options(ModelOptions newNetwork) {
    return new RecalibrationSettings(
        weights, backend, newNetwork, statistics, batchSize, given, options);
  }

  @Override
  public RecalibrationSettings calibration(ImageSet images) {
    return new RecalibrationSettings(weights, backend, network, images, batchSize, given, options);
  }

  @Override
  public RecalibrationSettings batchSize(int images) {
    if (images < 2 || images > MAX_BATCH_SIZE) {
      throw new InvalidInputException(
          "a batch whose statistics are taken has 2 to %s images, got %s"
              .formatted(MAX_BATCH_SIZE, images));
    }
    return new RecalibrationSettings(weights, backend, network, statistics, images, given, options);
  }

  @Override
  public RecalibrationSettings plan(LesionPlan plan) {
    LesionPlan all = given == null ? plan : LesionPlan.join(given, plan);
    return new RecalibrationSettings(
        weights, backend, network, statistics, batchSize, all, options);
  }

  @Override
  public RecalibrationSettings only(LesionPlan plan) {
    return new RecalibrationSettings(
        weights, backend, network, statistics, batchSize, plan, options);
  }

  @Override
  public LesionPlan plan() {
    return given == null ? LesionPlan.deleteEach().build(weights.architecture()) : given;
  }

  @Override
  public RecalibrationSettings lesions(Lesion... lesions) {
    return plan(LesionPlan.of(lesions).build(weights.architecture()));
  }

  @Override
  public RecalibrationSettings options(RunOptions newOptions) {
    return new RecalibrationSettings(
        weights,
        backend,
        network,
        statistics,
        batchSize,
        given,
        WiringsAtOnce.one("a recalibration", newOptions));
  }

  @Override
  public ImageSet calibration() {
    if (statistics == null) {
      throw new IllegalStateException(
          "the study has no images to estimate statistics on: set calibration(images) first");
    }
    return statistics;
  }

  @Override
  public Provenance provenance(ImageSet given) {
    ImageSet test = Pixels.labelled(given, weights.architecture());
    return ExitOrder.THIS_JVM.run(
        () -> {
          try (ResidualModel model = ResidualModel.open(usedBackend(), weights, network)) {
            return model.provenance(test, options);
          }
        });
  }

  @Override
  public RecalibrationCost cost(ImageSet given) {
    ImageSet test = Pixels.labelled(given, weights.architecture());
    ImageSet estimated = RunningStatistics.fitting(calibration(), weights.architecture());
    LesionPlan plan = plan();
    List<Wiring> wirings = plan.wirings(Lesion.intact(), weights.architecture());
    if (plan.rows().isEmpty()) {
      throw new InvalidLesionException("the plan is empty: it needs at least one lesion");
    }
    for (int row = 1; row < wirings.size(); row++) {
      RunningStatistics.requireOnePass(plan.rows().get(row - 1).lesion(), wirings.get(row));
    }
    return RecalibrationCost.of(
        WiringCost.of(wirings), test.size(), RunningStatistics.usedImages(estimated, batchSize));
  }

  @Override
  public Recalibration run(ImageSet given) {
    ImageSet test = Pixels.labelled(given, weights.architecture());
    RecalibrationRun run = new RecalibrationRun(this, runningStatistics(), test);
    return ExitOrder.THIS_JVM.run(run::toTheEnd);
  }

  @Override
  public Weights weights(Lesion lesion) {
    RunningStatistics running = runningStatistics();
    return ExitOrder.THIS_JVM.run(
        () -> {
          Estimates estimates = running.estimate(List.of(lesion), (number, images) -> {});
          return running.weights(lesion, estimates, 0);
        });
  }

  private RunningStatistics runningStatistics() {
    return RunningStatistics.of(weights, usedBackend(), network, calibration(), batchSize);
  }

  private Backend usedBackend() {
    return backend == null ? Backends.load() : backend;
  }
}
