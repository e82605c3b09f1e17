package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What recalibration did to each lesion. */
final class RecalibrationStatistics {
  private static final double SIGNIFICANT = 0.05;

  private RecalibrationStatistics() {}

  static void check(
      LesionReport report, List<LesionRow> recalibrated, LesionRow recalibratedBaseline) {
    List<PlannedLesion> lesions = report.rows().stream().map(LesionRow::planned).toList();
    List<PlannedLesion> others = recalibrated.stream().map(LesionRow::planned).toList();
    if (!others.equals(lesions)) {
      throw new InvalidInputException(
          "the recalibrated rows are of the lesions "
              + others.stream().map(PlannedLesion::lesion).toList()
              + ", the report's of "
              + lesions.stream().map(PlannedLesion::lesion).toList());
    }
    BitSet images = report.baseline().records();
    Stream.of(report.rows(), recalibrated, List.of(recalibratedBaseline))
        .flatMap(List::stream)
        .filter(row -> !row.records().equals(images))
        .findFirst()
        .ifPresent(
            row -> {
              throw new InvalidInputException(
                  "the row "
                      + row.lesion()
                      + " covers "
                      + row.total()
                      + " images, but the report's baseline others: "
                      + images.cardinality());
            });
  }

  static List<PairedTest> pairedTests(Recalibration result) {
    return PairedTest.each(result.report().rows(), result.recalibrated());
  }

  static List<OptionalDouble> recovered(Recalibration result) {
    List<PairedTest> damages = damages(result.report());
    List<OptionalDouble> shares = new ArrayList<>();
    for (int i = 0; i < damages.size(); i++) {
      PairedTest damage = damages.get(i);
      double lost = damage.lost() - damage.won();
      double regained =
          result.report().rows().get(i).wrong() - result.recalibrated().get(i).wrong();
      shares.add(
          lost > 0 && damage.holm() < SIGNIFICANT
              ? OptionalDouble.of(regained / lost)
              : OptionalDouble.empty());
    }
    return List.copyOf(shares);
  }

  /** As the report's own statistics, without their demands on the images. */
  private static List<PairedTest> damages(LesionReport report) {
    List<LesionRow> rows = report.rows();
    return PairedTest.each(Collections.nCopies(rows.size(), report.baseline()), rows);
  }
}
