package io.github.resnetensembles;

/**
 * What a study costs. One block evaluation is one computed branch on one image; stem, head and
 * deleted branches count nothing.
 *
 * @param blockEvaluations with shared prefixes computed once
 * @param blockEvaluationsWithoutReuse if every wiring were run on its own
 */
public record Cost(long blockEvaluations, long blockEvaluationsWithoutReuse) {
  /**
   * Adds costs.
   *
   * @param other another study's
   * @return the sum
   */
  public Cost plus(Cost other) {
    return new Cost(
        blockEvaluations + other.blockEvaluations,
        blockEvaluationsWithoutReuse + other.blockEvaluationsWithoutReuse);
  }
}
