package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Lesions.
 *
 * @param setUp says which lesions
 * @param images what they are measured on
 * @param summary what the report gets
 */
record LesionWork(
    UnaryOperator<LesionStudy> setUp, ImageSet images, Function<LesionReport, Result> summary)
    implements Study<LesionReport> {
  @Override
  public double work(OpenNetwork network) {
    return setUp.apply(network.model().lesions()).cost(images).blockEvaluations();
  }

  @Override
  public StudyTasks<LesionReport> pieces(OpenNetwork network, Engine engine) {
    LesionStudy study = setUp.apply(network.model().lesions()).options(engine.runOptions());
    return StudyTasks.cut(
        study, images, engine.pieces().cost(work(network), images.size(), engine.batchSize()));
  }

  @Override
  public Class<LesionReport> type() {
    return LesionReport.class;
  }

  /** What was measured of every single deletion, which comes first. */
  static LesionReport singleDeletions(List<Result> earlier) {
    return earlier.stream()
        .filter(LesionReport.class::isInstance)
        .map(LesionReport.class::cast)
        .filter(report -> report.rows().stream().allMatch(LesionWork::deletesOne))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("single deletions come first"));
  }

  private static boolean deletesOne(LesionRow row) {
    return row.planned().draw().isEmpty()
        && row.lesion().deletedBlocks().filter(blocks -> blocks.size() == 1).isPresent();
  }

  @Override
  public List<Result> shown(LesionReport result) {
    return List.of(summary.apply(result));
  }
}
