package io.github.resnetensembles;

/**
 * The exact McNemar test of a lesioned network against the intact one, on the same images.
 *
 * @param planned the lesion
 * @param lost images that only the intact network got right
 * @param won images that only the lesioned network got right
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
    double benjaminiHochberg) {}
