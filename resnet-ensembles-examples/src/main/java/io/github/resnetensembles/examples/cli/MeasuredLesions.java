package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.run.StudyTasks;

/**
 * Lesions of an open network.
 *
 * @param title what the bar calls them
 * @param study which lesions
 * @param images what they are measured on
 * @param compute in which batches
 * @param sideBySide how many lesions share an engine call
 * @param outcome what is made of their report
 */
record MeasuredLesions(
    String title,
    LesionStudy study,
    ImageSet images,
    ComputeOptions compute,
    SideBySideOptions sideBySide,
    Outcome outcome)
    implements Measured<LesionReport> {
  /** What is made of a report. */
  interface Outcome {
    void write(LesionReport report, OutputOptions outputs, CommonOptions common);

    /** Of an interrupted study. */
    void writePartial(LesionReport report, OutputOptions outputs, CommonOptions common);
  }

  @Override
  public String cost() {
    Cost cost = study.cost(images);
    return "cost: %s block evaluations (%s without reuse)"
        .formatted(cost.blockEvaluations(), cost.blockEvaluationsWithoutReuse());
  }

  @Override
  public StudyTasks<LesionReport> cut(StoreOptions store) {
    LesionStudy batched = study.options(sideBySide.runOptions(compute, ProgressListener.none()));
    long batches = (images.size() - 1L) / compute.batch() + 1;
    long whole = study.cost(images).blockEvaluations();
    return StudyTasks.cut(batched, images, store.maxCost(whole, batches, compute.threads));
  }

  @Override
  public LesionReport run(ProgressListener listener) {
    return study.options(sideBySide.runOptions(compute, listener)).run(images);
  }

  @Override
  public void write(LesionReport report, OutputOptions outputs, CommonOptions common) {
    outcome.write(report, outputs, common);
  }

  @Override
  public void writePartial(
      RunInterruptedException end, OutputOptions outputs, CommonOptions common) {
    if (end instanceof StudyInterruptedException study) {
      study
          .partialReport()
          .ifPresent(
              report ->
                  ResultFiles.undisturbed(() -> outcome.writePartial(report, outputs, common)));
    }
  }
}
