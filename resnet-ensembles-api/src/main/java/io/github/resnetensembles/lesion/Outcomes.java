package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.Interrupts;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which images each row of a report got wrong: bit i is the i-th image of the records that all rows
 * cover.
 *
 * @param images how many there are
 * @param baseline of the intact network
 * @param rows in the report's order
 */
record Outcomes(int images, BitSet baseline, List<BitSet> rows) {
  private static final Interrupts INTERRUPTS = Interrupts.during("rows were summed up");

  /** Refuses reports that say nothing: no row, one image, one class, rows on different images. */
  static Outcomes of(LesionReport report) {
    return of(report, LesionRow::wrongImages);
  }

  /**
   * As {@link #of(LesionReport)}, of the five largest logits.
   *
   * @throws InvalidInputException if a row does not know them
   */
  static Outcomes ofTop5(LesionReport report) {
    Stream.concat(Stream.of(report.baseline()), report.rows().stream())
        .filter(row -> row.top5Wrong().isEmpty())
        .findFirst()
        .ifPresent(
            row -> {
              throw new InvalidInputException(
                  ("the row %s does not say which images had their class among the five largest"
                          + " logits: with fewer than %s classes, and in results of older versions,"
                          + " there is no top-5 error")
                      .formatted(row.lesion(), Tally.TOP5_CLASSES));
            });
    return of(report, LesionRow::top5WrongImages);
  }

  private static Outcomes of(LesionReport report, Function<LesionRow, BitSet> wrongImages) {
    LesionRow baseline = report.baseline();
    if (report.rows().isEmpty()) {
      throw new InvalidInputException(
          "the report has no rows, so there is nothing to compute; run at least one lesion");
    }
    if (baseline.total() < 2) {
      throw new InvalidInputException(
          "the report covers %s, but statistics need at least 2; evaluate more"
              .formatted(baseline.total() == 1 ? "one image" : "no image"));
    }
    if (baseline.classTotals().stream().filter(count -> count > 0).count() < 2) {
      throw new InvalidInputException(
          ("all %s images of the report are of one class, whose error rate says nothing"
                  + " of the network; evaluate images of at least 2 classes")
              .formatted(baseline.total()));
    }
    BitSet covered = baseline.records();
    for (LesionRow row : report.rows()) {
      INTERRUPTS.check();
      if (!row.records().equals(covered)) {
        throw new InvalidInputException(
            String.format(
                "the row %s covers %s images, but the intact network others: %s; merge the shards"
                    + " that are missing first",
                row.lesion(), row.total(), baseline.total()));
      }
    }
    return new Outcomes(
        baseline.total(),
        wrongImages.apply(baseline),
        report.rows().stream()
            .map(
                row -> {
                  INTERRUPTS.check();
                  return wrongImages.apply(row);
                })
            .toList());
  }

  /** How many bits are set in both. */
  static int common(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both.cardinality();
  }
}
