package io.github.resnetensembles.training;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/** A study of recalibration, from start to end. */
final class RecalibrationRun {
  private static final PlannedLesion BASELINE = PlannedLesion.of(Lesion.intact());

  private final RecalibrationSettings settings;
  private final RunningStatistics statistics;
  private final ImageSet test;
  private final long recalibrationEvaluations;

  /** Block evaluations, for progress: all, and those of the parts that are finished. */
  private long total;

  private long finished;

  RecalibrationRun(RecalibrationSettings settings, RunningStatistics statistics, ImageSet test) {
    this.settings = settings;
    this.statistics = statistics;
    this.test = test;
    // Looks at all lesions, so that none is refused after hours of work.
    long evaluations = evaluations(BASELINE);
    for (PlannedLesion row : settings.plan().rows()) {
      evaluations += evaluations(row);
    }
    this.recalibrationEvaluations = evaluations;
  }

  /** To estimate the statistics of one network and to evaluate it. */
  private long evaluations(PlannedLesion row) {
    long images = (long) statistics.usedImages() + test.size();
    return statistics.wiring(row.lesion()).blockEvaluations() * images;
  }

  Recalibration toTheEnd() {
    // First, while there is nothing that an interrupted hash would lose.
    String calibrationSha256 = statistics.images().sha256();
    LesionReport report = study();
    LesionRow baseline = recalibrated(BASELINE, report);
    List<LesionRow> rows = new ArrayList<>();
    for (PlannedLesion row : settings.plan().rows()) {
      rows.add(recalibrated(row, report));
    }
    return new Recalibration(
        report,
        rows,
        baseline,
        statistics.describeImages(),
        calibrationSha256,
        settings.batchSize());
  }

  private LesionReport study() {
    try (ResidualModel model = open(settings.weights())) {
      LesionStudy study = model.lesions().plan(settings.plan());
      long evaluations = study.cost(test).blockEvaluations();
      total = evaluations + recalibrationEvaluations;
      LesionReport report =
          study
              .options(
                  listening(progress -> tell(progress.task(), progress.done(), progress.images())))
              .run(test);
      finished = evaluations;
      return report;
    }
  }

  private LesionRow recalibrated(PlannedLesion planned, LesionReport report) {
    Lesion lesion = planned.lesion();
    String task = "recalibrate " + lesion;
    long branches = statistics.wiring(lesion).blockEvaluations();
    try {
      Weights weights =
          statistics.weights(lesion, images -> tell(task, branches * images, test.size()));
      finished += branches * statistics.usedImages();
      try (ResidualModel model = open(weights)) {
        LesionRow row =
            model
                .withLesion(lesion)
                .evaluate(test, listening(progress -> tell(task, progress.done(), test.size())))
                .row();
        finished += branches * test.size();
        return new LesionRow(planned, row.order(), row.tallies());
      }
    } catch (RunInterruptedException e) {
      throw new StudyInterruptedException(
          "interrupted while the network was recalibrated after " + lesion, report);
    }
  }

  private ResidualModel open(Weights weights) {
    return ResidualModel.open(statistics.backend(), weights, settings.options());
  }

  private RunOptions listening(ProgressListener listener) {
    return settings.evaluation().withListener(listener);
  }

  /** An interruption keeps what the ordinary study finished. */
  private void tell(String task, long done, int images) {
    settings
        .evaluation()
        .listener()
        .onProgress(new Progress(task, finished + done, total, images, test.size()));
  }
}
