package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * The exact McNemar test of a network before and after a change, on the same images. In {@link
 * LesionStatistics#pairedTests} the change is the lesion, in {@link Recalibration#pairedTests} the
 * estimating of statistics in the lesioned network.
 *
 * @param planned the lesion
 * @param lost images that were right before only
 * @param won images that are right after only
 * @param pValue the two-sided binomial probability of such a difference or a greater one, if losing
 *     and winning were equally likely; 1 if nothing was lost or won. At least {@link #SMALLEST_P},
 *     which stands for all that is smaller, as it does in the adjusted ones
 * @param holm adjusted for all rows of the report: the family-wise error rate
 * @param benjaminiHochberg adjusted likewise: the false discovery rate
 */
@JsonForm(fields = "lost won pValue holm benjaminiHochberg")
public record PairedTest(
    PlannedLesion planned,
    int lost,
    int won,
    double pValue,
    double holm,
    double benjaminiHochberg) {
  /**
   * The smallest p-value that is told, an upper bound of all smaller ones. These are positive, but
   * soon too small for a double: no p-value is ever 0.
   */
  public static final double SMALLEST_P = 1e-300;

  /**
   * Checks the components; p-values below {@link #SMALLEST_P} become it.
   *
   * @param planned the lesion
   * @param lost images that were right before only
   * @param won images that are right after only
   * @param pValue the two-sided binomial probability of such a difference or a greater one
   * @param holm adjusted for all rows of the report
   * @param benjaminiHochberg adjusted likewise
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PairedTest {
    Require.present("planned", planned);
    Require.atLeast(0, "lost", lost);
    Require.atLeast(0, "won", won);
    pValue = Math.max(SMALLEST_P, Require.share("pValue", pValue));
    holm = Math.max(SMALLEST_P, Require.share("holm", holm));
    benjaminiHochberg = Math.max(SMALLEST_P, Require.share("benjaminiHochberg", benjaminiHochberg));
  }

  PairedTest adjusted(double newHolm, double newBenjaminiHochberg) {
    return new PairedTest(planned, lost, won, pValue, newHolm, newBenjaminiHochberg);
  }

  /**
   * Tests one change.
   *
   * @param before a network before it
   * @param after the network after it
   * @return the test, named after the lesion of {@code after}; empty if the two were evaluated on
   *     other records
   */
  public static Optional<PairedTest> of(LesionRow before, LesionRow after) {
    return before.records().equals(after.records())
        ? Optional.of(each(List.of(before), List.of(after)).get(0))
        : Optional.empty();
  }

  /**
   * Tests several changes, their p-values adjusted for their number.
   *
   * @param before networks before them
   * @param after the networks after them, each on the records of the one before
   * @return the tests in this order, named after the lesions of {@code after}
   * @throws IllegalArgumentException if there are not as many of both, or two are of other records
   */
  public static List<PairedTest> each(List<LesionRow> before, List<LesionRow> after) {
    return McNemar.each(before, after);
  }
}
