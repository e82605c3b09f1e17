package io.github.resnetensembles.examples.report;

import java.util.List;
import java.util.function.Consumer;

/**
 * The builder behind {@link ReportScale#toBuilder()}. Its fields change only before anybody else
 * sees it.
 */
final class ScaleBuilder implements ReportScale.Builder {
  private int depth = 20;
  private int epochs = 3;
  private int plainEpochs = 2;
  private int trainingImages = 10_000;
  private int testImages = 500;
  private int drawnImages = 100;
  private int valueImages = 200;
  private int draws = 10;
  private int orders = 20;
  private int gradientBatches = 2;
  private int pathSamples = 2;
  private int recalibrated = 5;
  private int calibrationImages = 256;
  private boolean skips;
  private List<Integer> deeper = List.of();
  private int seeds = 1;

  private ScaleBuilder() {}

  static ScaleBuilder standard() {
    return new ScaleBuilder();
  }

  static ScaleBuilder of(ReportScale scale) {
    ScaleBuilder builder = new ScaleBuilder();
    builder.depth = scale.depth();
    builder.epochs = scale.epochs();
    builder.plainEpochs = scale.plainEpochs();
    builder.trainingImages = scale.trainingImages();
    builder.testImages = scale.testImages();
    builder.drawnImages = scale.drawnImages();
    builder.valueImages = scale.valueImages();
    builder.draws = scale.draws();
    builder.orders = scale.orders();
    builder.gradientBatches = scale.gradientBatches();
    builder.pathSamples = scale.pathSamples();
    builder.recalibrated = scale.recalibrated();
    builder.calibrationImages = scale.calibrationImages();
    builder.skips = scale.skips();
    builder.deeper = scale.deeper();
    builder.seeds = scale.seeds();
    return builder;
  }

  /** A changed copy, if it is a valid scale. */
  private ScaleBuilder with(Consumer<ScaleBuilder> change) {
    ScaleBuilder copy = of(build());
    change.accept(copy);
    return of(copy.build());
  }

  @Override
  public ScaleBuilder depth(int depth) {
    return with(copy -> copy.depth = depth);
  }

  @Override
  public ScaleBuilder epochs(int epochs) {
    return with(copy -> copy.epochs = epochs);
  }

  @Override
  public ScaleBuilder plainEpochs(int plainEpochs) {
    return with(copy -> copy.plainEpochs = plainEpochs);
  }

  @Override
  public ScaleBuilder trainingImages(int trainingImages) {
    return with(copy -> copy.trainingImages = trainingImages);
  }

  @Override
  public ScaleBuilder testImages(int testImages) {
    return with(copy -> copy.testImages = testImages);
  }

  @Override
  public ScaleBuilder drawnImages(int drawnImages) {
    return with(copy -> copy.drawnImages = drawnImages);
  }

  @Override
  public ScaleBuilder valueImages(int valueImages) {
    return with(copy -> copy.valueImages = valueImages);
  }

  @Override
  public ScaleBuilder draws(int draws) {
    return with(copy -> copy.draws = draws);
  }

  @Override
  public ScaleBuilder orders(int orders) {
    return with(copy -> copy.orders = orders);
  }

  @Override
  public ScaleBuilder gradientBatches(int gradientBatches) {
    return with(copy -> copy.gradientBatches = gradientBatches);
  }

  @Override
  public ScaleBuilder pathSamples(int pathSamples) {
    return with(copy -> copy.pathSamples = pathSamples);
  }

  @Override
  public ScaleBuilder recalibrated(int recalibrated) {
    return with(copy -> copy.recalibrated = recalibrated);
  }

  @Override
  public ScaleBuilder calibrationImages(int calibrationImages) {
    return with(copy -> copy.calibrationImages = calibrationImages);
  }

  @Override
  public ScaleBuilder skips(boolean skips) {
    return with(copy -> copy.skips = skips);
  }

  @Override
  public ScaleBuilder deeper(List<Integer> deeper) {
    return with(copy -> copy.deeper = deeper);
  }

  @Override
  public ScaleBuilder seeds(int seeds) {
    return with(copy -> copy.seeds = seeds);
  }

  @Override
  public ReportScale build() {
    return new Scale(
        depth,
        epochs,
        plainEpochs,
        trainingImages,
        testImages,
        drawnImages,
        valueImages,
        draws,
        orders,
        gradientBatches,
        pathSamples,
        recalibrated,
        calibrationImages,
        skips,
        deeper,
        seeds);
  }
}
