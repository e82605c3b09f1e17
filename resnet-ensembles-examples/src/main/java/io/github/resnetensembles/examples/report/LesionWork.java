package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.result.Result;
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
  public LesionReport run(OpenNetwork network, RunOptions options) {
    return setUp.apply(network.model().lesions()).options(options).run(images);
  }

  @Override
  public Class<LesionReport> type() {
    return LesionReport.class;
  }

  @Override
  public boolean measured(LesionReport result, OpenNetwork network) {
    return measured(result, setUp.apply(network.model().lesions()).plan(), images);
  }

  /** Whether a report has exactly the rows of a plan, on exactly these images. */
  static boolean measured(LesionReport report, LesionPlan plan, ImageSet images) {
    return report.complete()
        && report.rows().stream().map(LesionRow::planned).toList().equals(plan.rows())
        && report.excluded().equals(plan.excluded())
        && report.records().equals(List.of(RecordRange.of(images)));
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
