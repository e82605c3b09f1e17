package io.github.resnetensembles.training;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.wiring.WiringCost;

/**
 * What a study of recalibration costs: branches, forward, for one image each.
 *
 * @param evaluations with running statistics: all lesions together with the trained ones, where
 *     what they begin with is computed once; then each alone with its own
 * @param calibrations with the statistics of the batch, to estimate those; what lesions begin with
 *     is computed once
 */
public record RecalibrationCost(long evaluations, long calibrations) {
  /**
   * Checks the counts.
   *
   * @param evaluations with running statistics
   * @param calibrations with the statistics of the batch
   * @throws IllegalArgumentException if one is negative
   */
  public RecalibrationCost {
    Require.atLeast(0, "evaluations", evaluations);
    Require.atLeast(0, "calibrations", calibrations);
  }

  /**
   * Of so many images.
   *
   * @param wirings those of the intact network and of all lesions
   */
  static RecalibrationCost of(WiringCost wirings, int evaluated, int estimatedOn) {
    Cost evaluation = wirings.of(evaluated);
    return new RecalibrationCost(
        evaluation.blockEvaluations() + evaluation.blockEvaluationsWithoutReuse(),
        wirings.of(estimatedOn).blockEvaluations());
  }
}
