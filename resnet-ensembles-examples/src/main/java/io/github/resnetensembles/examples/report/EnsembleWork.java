package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.result.Result;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lesions, one by one and as an ensemble.
 *
 * @param setUp says which lesions
 * @param images what they are measured on
 */
record EnsembleWork(UnaryOperator<LesionStudy> setUp, ImageSet images)
    implements Study<EnsembleAnalysis> {
  @Override
  public double work(OpenNetwork network) {
    return setUp.apply(network.model().lesions()).cost(images).blockEvaluations();
  }

  @Override
  public EnsembleAnalysis run(OpenNetwork network, RunOptions options) {
    return setUp.apply(network.model().lesions()).options(options).runAsEnsemble(images);
  }

  @Override
  public Class<EnsembleAnalysis> type() {
    return EnsembleAnalysis.class;
  }

  @Override
  public boolean measured(EnsembleAnalysis result, OpenNetwork network) {
    return LesionWork.measured(
        result.members(), setUp.apply(network.model().lesions()).plan(), images);
  }

  @Override
  public List<Result> shown(EnsembleAnalysis result) {
    return List.of(result.members(), result);
  }
}
