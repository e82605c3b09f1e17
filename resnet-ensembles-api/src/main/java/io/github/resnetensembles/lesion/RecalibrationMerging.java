package io.github.resnetensembles.lesion;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.SameStudy;
import io.github.resnetensembles.result.MergeOption;
import java.util.BitSet;
import java.util.List;

/** Merging of recalibrations: that of two reports, one with the statistics estimated anew. */
final class RecalibrationMerging {
  private RecalibrationMerging() {}

  static Recalibration merge(List<Recalibration> results, MergeOption... options) {
    SameStudy<Recalibration> study = new SameStudy<>(results);
    study.require("calibration images", Recalibration::calibration);
    study.require("data of the calibration", Recalibration::calibrationSha256);
    study.require("batch size of the calibration", Recalibration::batchSize);
    LesionReport report =
        LesionReport.merge(results.stream().map(Recalibration::report).toList(), options);
    checkSameImages(report);
    LesionReport recalibrated =
        LesionReport.merge(
            results.stream().map(RecalibrationMerging::recalibrated).toList(), options);
    return new Recalibration(
        report,
        recalibrated.rows(),
        recalibrated.baseline(),
        results.get(0).calibration(),
        results.get(0).calibrationSha256(),
        results.get(0).batchSize());
  }

  /** The new rows as if they were a study of their own. */
  private static LesionReport recalibrated(Recalibration piece) {
    LesionReport report = piece.report();
    return new LesionReport(
        report.base(),
        piece.recalibratedBaseline(),
        piece.recalibrated(),
        report.excluded(),
        report.cost(),
        report.records(),
        report.provenance(),
        report.plan());
  }

  private static void checkSameImages(LesionReport report) {
    BitSet images = report.baseline().records();
    for (LesionRow row : report.rows()) {
      if (!row.records().equals(images)) {
        throw new MergeException(
            ("the results of %s are of %s images, those of the baseline of %s; merge pieces that"
                    + " have all lesions for all images")
                .formatted(Names.shorten(row.lesion()), row.total(), images.cardinality()));
      }
    }
  }
}
