package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.run.StudyTasks;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lesions that are drawn until intervals are narrow enough.
 *
 * @param title of what is measured
 * @param study what is drawn
 * @param shapley whether intervals are those of Shapley values
 * @param width of the intervals
 * @param budget what may be spent, in block evaluations
 * @param earlier a result whose work is not done again
 * @param images what they are measured on
 * @param compute in which batches
 * @param sideBySide how many lesions share an engine call
 */
record MeasuredSequence(
    String title,
    LesionStudy study,
    boolean shapley,
    double width,
    OptionalLong budget,
    Optional<SequentialReport> earlier,
    ImageSet images,
    ComputeOptions compute,
    SideBySideOptions sideBySide)
    implements Measured<SequentialReport> {
  @Override
  public String cost() {
    return "cost: as much as intervals %s wide take%s"
        .formatted(
            width,
            budget.isPresent() ? ", up to %s block evaluations".formatted(budget.getAsLong()) : "");
  }

  @Override
  public boolean inRounds() {
    return true;
  }

  @Override
  public StudyTasks<SequentialReport> cut(StoreOptions store) {
    throw new InvalidInputException(
        "--interval-width plans each round by what the one before it gave, so its pieces are not known"
            + " where they would be run; let workers share a store (--store, --worker)");
  }

  private SequentialStudy until(ProgressListener listener) {
    SequentialStudy until =
        study.options(sideBySide.runOptions(compute, listener)).untilWidth(width);
    until = shapley ? until.shapley() : until;
    return budget.isPresent() ? until.budget(budget.getAsLong()) : until;
  }

  @Override
  public SequentialReport run(ProgressListener listener) {
    SequentialStudy until = until(listener);
    return earlier.map(before -> until.resume(images, before)).orElseGet(() -> until.run(images));
  }

  @Override
  public Optional<SequentialReport> run(StoreOptions store, CommonOptions common) {
    return store.execute(until(ProgressListener.none()), images, common);
  }

  @Override
  public void write(SequentialReport result, OutputOptions outputs, CommonOptions common) {
    ResultText.print(result, common.out());
    outputs.write(result, common.streams());
  }

  @Override
  public void writePartial(
      RunInterruptedException end, OutputOptions outputs, CommonOptions common) {
    if (end instanceof StudyInterruptedException interrupted) {
      interrupted
          .partialSequence()
          .ifPresent(
              result ->
                  ResultFiles.undisturbed(() -> outputs.writeNumbers(result, common.streams())));
    }
  }
}
