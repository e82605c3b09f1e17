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
import io.github.resnetensembles.training.RunningStatistics.Estimates;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/** A study of recalibration, from start to end. */
final class RecalibrationRun {
  private final RecalibrationSettings settings;
  private final RunningStatistics statistics;
  private final ImageSet test;

  /** The intact network, then the lesions. */
  private final List<PlannedLesion> planned = new ArrayList<>();

  private final long recalibrationEvaluations;

  /** Block evaluations, for progress: all, and those of the parts that are finished. */
  private long total;

  private long finished;

  /** What is being recalibrated. */
  private Lesion current = Lesion.intact();

  RecalibrationRun(RecalibrationSettings settings, RunningStatistics statistics, ImageSet test) {
    this.settings = settings;
    this.statistics = statistics;
    this.test = test;
    planned.add(PlannedLesion.of(current));
    planned.addAll(settings.plan().rows());
    // Looks at all lesions, so that none is refused after hours of work. To estimate the statistics
    // of each network and to evaluate it.
    long images = (long) statistics.usedImages() + test.size();
    this.recalibrationEvaluations =
        planned.stream().mapToLong(row -> branches(row.lesion()) * images).sum();
  }

  Recalibration toTheEnd() {
    // First, while there is nothing that an interrupted hash would lose.
    String calibrationSha256 = statistics.images().sha256();
    LesionReport report = study();
    List<LesionRow> rows;
    try {
      rows = recalibrated();
    } catch (RunInterruptedException e) {
      throw new StudyInterruptedException(
          "interrupted while the network was recalibrated after " + current, report);
    }
    return new Recalibration(
        report,
        rows.subList(1, rows.size()),
        rows.get(0),
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

  /** The baseline's row, then those of the lesions. */
  private List<LesionRow> recalibrated() {
    Estimates estimates =
        statistics.estimate(
            planned.stream().map(PlannedLesion::lesion).toList(),
            (number, images) -> {
              current = planned.get(number).lesion();
              finished += branches(current) * images;
              tell(task(), 0, test.size());
            });
    List<LesionRow> rows = new ArrayList<>();
    for (int i = 0; i < planned.size(); i++) {
      current = planned.get(i).lesion();
      try (ResidualModel model = open(statistics.weights(current, estimates, i))) {
        LesionRow row =
            model
                .withLesion(current)
                .evaluate(test, listening(progress -> tell(task(), progress.done(), test.size())))
                .row();
        rows.add(new LesionRow(planned.get(i), row.order(), row.tallies()));
      }
      finished += branches(current) * test.size();
    }
    return rows;
  }

  private String task() {
    return "recalibrate " + current;
  }

  private long branches(Lesion lesion) {
    return statistics.wiring(lesion).blockEvaluations();
  }

  private ResidualModel open(Weights weights) {
    return ResidualModel.open(statistics.backend(), weights, settings.network());
  }

  private RunOptions listening(ProgressListener listener) {
    return settings.options().withListener(listener);
  }

  /** An interruption keeps what the ordinary study finished. */
  private void tell(String task, long done, int images) {
    settings
        .options()
        .listener()
        .onProgress(new Progress(task, finished + done, total, images, test.size()));
  }
}
