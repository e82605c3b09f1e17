package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.Interrupts;
import java.util.BitSet;
import java.util.List;

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
        baseline.wrongImages(),
        report.rows().stream().map(Outcomes::wrongImages).toList());
  }

  private static BitSet wrongImages(LesionRow row) {
    INTERRUPTS.check();
    return row.wrongImages();
  }

  /** How many bits are set in both. */
  static int common(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both.cardinality();
  }
}
