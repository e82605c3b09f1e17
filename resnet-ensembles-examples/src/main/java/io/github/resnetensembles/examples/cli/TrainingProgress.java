package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;

/** Epochs on standard output; steps, with speed and time left, and notices on standard error. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final PrintWriter out;
  private final PrintWriter err;
  private final ProgressReporter bar;
  private volatile boolean begun;

  TrainingProgress(CommonOptions common) {
    this.out = common.out();
    this.err = common.err();
    this.bar = ProgressReporter.of("steps", common.quiet, common.err());
  }

  /** Whether any step or epoch is done, in this run. */
  boolean begun() {
    return begun;
  }

  @Override
  public void onStep(Step step) {
    begun = true;
    bar.show(
        step.step(),
        step.totalSteps(),
        String.format(
            Locale.ROOT,
            "epoch %d of %d, error %.3f, %.0f images/s",
            step.epoch(),
            step.epochs(),
            step.errorRate(),
            step.imagesPerSecond()));
  }

  @Override
  public void onEpoch(EpochRecord epoch) {
    begun = true;
    out.println(
        String.format(
            Locale.ROOT,
            "epoch %d: training loss %.4f, wrong %d of %d, error rate %.4f, learning rate %.6g",
            epoch.epoch(),
            epoch.trainingLoss(),
            epoch.wrong(),
            epoch.total(),
            epoch.errorRate(),
            epoch.learningRate()));
  }

  @Override
  public void onNotice(String message) {
    err.println(message);
  }

  @Override
  public void close() {
    bar.close();
  }
}
