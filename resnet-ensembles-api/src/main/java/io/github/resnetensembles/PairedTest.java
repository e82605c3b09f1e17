package io.github.resnetensembles;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;

/**
 * The exact McNemar test of a network before and after a change, on the same images. In {@link
 * LesionStatistics#pairedTests} the change is the lesion, in {@link Recalibration#pairedTests} the
 * estimating of statistics in the lesioned network.
 *
 * @param planned the lesion
 * @param lost images that were right before only
 * @param won images that are right after only
 * @param pValue the two-sided binomial probability of such a difference or a greater one, if losing
 *     and winning were equally likely; 1 if nothing was lost or won
 * @param holm adjusted for all rows of the report: the family-wise error rate
 * @param benjaminiHochberg adjusted likewise: the false discovery rate
 */
public record PairedTest(
    PlannedLesion planned,
    int lost,
    int won,
    double pValue,
    double holm,
    double benjaminiHochberg) {
  /**
   * Checks the components.
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
    Require.share("pValue", pValue);
    Require.share("holm", holm);
    Require.share("benjaminiHochberg", benjaminiHochberg);
    pValue = Numbers.unsignedZero(pValue);
    holm = Numbers.unsignedZero(holm);
    benjaminiHochberg = Numbers.unsignedZero(benjaminiHochberg);
  }
}
