package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.result.Result;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Gradients by path length.
 *
 * @param setUp says how they are measured
 * @param images what they are measured on
 * @param batchSize images for each batch
 */
record GradientWork(UnaryOperator<GradientProbe> setUp, ImageSet images, int batchSize)
    implements Study<PathGradients> {
  /** Pulling a cotangent back through a branch, in evaluations of the branch. */
  private static final double PULL_BACK = 1.1;

  @Override
  public int batchSize(int engine) {
    return batchSize;
  }

  @Override
  public double work(OpenNetwork network) {
    RunOptions options = RunOptions.defaults().withBatchSize(batchSize);
    GradientCost cost = setUp.apply(network.model().gradients()).options(options).cost(images);
    return PULL_BACK * cost.blockVjps() * images.size();
  }

  @Override
  public PathGradients run(OpenNetwork network, RunOptions options) {
    RunOptions batches = options.withBatchSize(batchSize);
    return setUp.apply(network.model().gradients()).options(batches).run(images);
  }

  @Override
  public Class<PathGradients> type() {
    return PathGradients.class;
  }

  @Override
  public boolean measured(PathGradients result, OpenNetwork network) {
    List<BatchGradients> batches = result.batches();
    return result.protocol().equals(setUp.apply(network.model().gradients()).protocol())
        && result.plannedBatches() == batches.size()
        && batches.get(0).firstRecord() == images.offset()
        && batches.stream().mapToInt(BatchGradients::images).sum() + result.leftOut()
            == images.size();
  }

  @Override
  public List<Result> shown(PathGradients result) {
    return List.of(result);
  }
}
