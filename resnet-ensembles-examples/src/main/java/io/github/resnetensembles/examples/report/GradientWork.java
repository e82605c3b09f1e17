package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
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
  @Override
  public double work(OpenNetwork network) {
    RunOptions options = RunOptions.defaults().withBatchSize(batchSize);
    GradientCost cost = setUp.apply(network.model().gradients()).options(options).cost(images);
    return StudyTasks.VJP * cost.blockVjps() * images.size();
  }

  @Override
  public StudyTasks<PathGradients> pieces(OpenNetwork network, Engine engine) {
    GradientProbe probe =
        setUp
            .apply(network.model().gradients())
            .options(engine.runOptions().withBatchSize(batchSize));
    return StudyTasks.cut(
        probe, images, engine.pieces().cost(work(network), images.size(), batchSize));
  }

  @Override
  public Class<PathGradients> type() {
    return PathGradients.class;
  }

  @Override
  public List<Result> shown(PathGradients result) {
    return List.of(result);
  }
}
