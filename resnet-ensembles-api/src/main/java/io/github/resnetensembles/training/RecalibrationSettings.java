package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.ExitOrder;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.training.RunningStatistics.Estimates;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A study of recalibration in the making.
 *
 * @param backend null for the only one there is
 * @param calibration null if not set yet
 * @param given null to delete each block
 */
record RecalibrationSettings(
    Weights weights,
    @Nullable Backend backend,
    ModelOptions options,
    @Nullable ImageSet calibration,
    int batchSize,
    @Nullable LesionPlan given,
    RunOptions evaluation)
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
        weights, backend, options, calibration, batchSize, given, evaluation);
  }

  @Override
  public RecalibrationSettings options(ModelOptions options) {
    return new RecalibrationSettings(
        weights, backend, options, calibration, batchSize, given, evaluation);
  }

  @Override
  public RecalibrationSettings calibration(ImageSet images) {
    return new RecalibrationSettings(
        weights, backend, options, images, batchSize, given, evaluation);
  }

  @Override
  public RecalibrationSettings batchSize(int images) {
    if (images < 2 || images > MAX_BATCH_SIZE) {
      throw new InvalidInputException(
          "a batch whose statistics are taken has 2 to %s images, got %s"
              .formatted(MAX_BATCH_SIZE, images));
    }
    return new RecalibrationSettings(
        weights, backend, options, calibration, images, given, evaluation);
  }

  @Override
  public RecalibrationSettings plan(LesionPlan plan) {
    LesionPlan all = given == null ? plan : LesionPlan.join(given, plan);
    return new RecalibrationSettings(
        weights, backend, options, calibration, batchSize, all, evaluation);
  }

  /** What is run. */
  LesionPlan plan() {
    return given == null ? LesionPlan.deleteEach().build(weights.architecture()) : given;
  }

  @Override
  public RecalibrationSettings lesions(Lesion... lesions) {
    return plan(LesionPlan.of(lesions).build(weights.architecture()));
  }

  @Override
  public RecalibrationSettings options(RunOptions options) {
    return new RecalibrationSettings(
        weights, backend, this.options, calibration, batchSize, given, options);
  }

  @Override
  public Recalibration run(ImageSet given) {
    ImageSet test = Pixels.labelled(given, weights.architecture());
    RecalibrationRun run = new RecalibrationRun(this, statistics(), test);
    return ExitOrder.THIS_JVM.run(run::toTheEnd);
  }

  @Override
  public Weights weights(Lesion lesion) {
    RunningStatistics statistics = statistics();
    return ExitOrder.THIS_JVM.run(
        () -> {
          Estimates estimates = statistics.estimate(List.of(lesion), (number, images) -> {});
          return statistics.weights(lesion, estimates, 0);
        });
  }

  private RunningStatistics statistics() {
    if (calibration == null) {
      throw new IllegalStateException(
          "the study has no images to estimate statistics on: set calibration(images) first");
    }
    return RunningStatistics.of(
        weights, backend == null ? Backends.load() : backend, options, calibration, batchSize);
  }
}
