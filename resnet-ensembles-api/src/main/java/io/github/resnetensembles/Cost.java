package io.github.resnetensembles;

import io.github.resnetensembles.internal.Require;

/**
 * What a study costs. One block evaluation is one computed branch on one image; stem, head and
 * deleted branches count nothing.
 *
 * @param blockEvaluations with shared prefixes computed once
 * @param blockEvaluationsWithoutReuse if every wiring were run on its own
 */
public record Cost(long blockEvaluations, long blockEvaluationsWithoutReuse) {
  /**
   * Checks the counts.
   *
   * @param blockEvaluations with shared prefixes computed once
   * @param blockEvaluationsWithoutReuse if every wiring were run on its own
   * @throws IllegalArgumentException if one is negative, or sharing costs more than not sharing
   */
  public Cost {
    Require.atLeast(0, "blockEvaluations", blockEvaluations);
    Require.atLeast(blockEvaluations, "blockEvaluationsWithoutReuse", blockEvaluationsWithoutReuse);
  }

  /**
   * Adds costs.
   *
   * @param other another study's
   * @return the sum
   */
  public Cost plus(Cost other) {
    return new Cost(
        Math.addExact(blockEvaluations, other.blockEvaluations),
        Math.addExact(blockEvaluationsWithoutReuse, other.blockEvaluationsWithoutReuse));
  }
}
