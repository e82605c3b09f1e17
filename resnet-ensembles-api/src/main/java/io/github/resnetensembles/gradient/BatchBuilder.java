package io.github.resnetensembles.gradient;

import io.github.resnetensembles.gradient.BatchGradients.ParameterGradients;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.BatchGradients.SignSum;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The builder behind {@link BatchGradients#builder}. Its fields change only before anybody else
 * sees it.
 */
final class BatchBuilder implements BatchGradients.Builder {
  private int firstRecord;
  private int images;
  private double loss;
  private double fullNorm;
  private OptionalDouble residual = OptionalDouble.empty();
  private List<Double> reaching = List.of();
  private List<PathSum> sums = List.of();
  private List<PathSample> samples = List.of();
  private List<SignSum> signSums = List.of();
  private OptionalDouble pathNorm = OptionalDouble.empty();
  private List<ParameterGradients> parameters = List.of();

  private BatchBuilder(int firstRecord, int images, double loss, double fullNorm) {
    this.firstRecord = firstRecord;
    this.images = images;
    this.loss = loss;
    this.fullNorm = fullNorm;
  }

  static BatchBuilder create(int firstRecord, int images, double loss, double fullNorm) {
    return of(new BatchBuilder(firstRecord, images, loss, fullNorm).build());
  }

  static BatchBuilder of(BatchGradients batch) {
    BatchBuilder builder =
        new BatchBuilder(batch.firstRecord(), batch.images(), batch.loss(), batch.fullNorm());
    builder.residual = batch.residual();
    builder.reaching = batch.reaching();
    builder.sums = batch.sums();
    builder.samples = batch.samples();
    builder.signSums = batch.signSums();
    builder.pathNorm = batch.pathNorm();
    builder.parameters = batch.parameters();
    return builder;
  }

  /** A changed copy, if it is a valid batch. */
  private BatchBuilder with(Consumer<BatchBuilder> change) {
    BatchBuilder copy = of(build());
    change.accept(copy);
    return of(copy.build());
  }

  @Override
  public BatchBuilder firstRecord(int firstRecord) {
    return with(copy -> copy.firstRecord = firstRecord);
  }

  @Override
  public BatchBuilder images(int images) {
    return with(copy -> copy.images = images);
  }

  @Override
  public BatchBuilder loss(double loss) {
    return with(copy -> copy.loss = loss);
  }

  @Override
  public BatchBuilder fullNorm(double fullNorm) {
    return with(copy -> copy.fullNorm = fullNorm);
  }

  @Override
  public BatchBuilder residual(double residual) {
    return with(copy -> copy.residual = OptionalDouble.of(residual));
  }

  @Override
  public BatchBuilder reaching(List<Double> reaching) {
    return with(copy -> copy.reaching = reaching);
  }

  @Override
  public BatchBuilder sums(List<PathSum> sums) {
    return with(copy -> copy.sums = sums);
  }

  @Override
  public BatchBuilder samples(List<PathSample> samples) {
    return with(copy -> copy.samples = samples);
  }

  @Override
  public BatchBuilder signSums(List<SignSum> signSums) {
    return with(copy -> copy.signSums = signSums);
  }

  @Override
  public BatchBuilder pathNorm(double pathNorm) {
    return with(copy -> copy.pathNorm = OptionalDouble.of(pathNorm));
  }

  @Override
  public BatchBuilder parameters(List<ParameterGradients> parameters) {
    return with(copy -> copy.parameters = parameters);
  }

  @Override
  public BatchGradients build() {
    return new MeasuredBatch(
        firstRecord,
        images,
        loss,
        fullNorm,
        residual,
        reaching,
        sums,
        samples,
        signSums,
        pathNorm,
        parameters);
  }
}
