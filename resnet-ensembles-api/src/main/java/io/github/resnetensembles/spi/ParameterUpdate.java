package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.Set;

/**
 * One update of a network's trainable parameters: the accumulated gradient g is multiplied by
 * min(1, clipNorm / (‖g‖ + 1e-6)), ‖g‖ the norm over all parameters together; then every parameter
 * moves by the optimizer's rule, but for those of resting blocks.
 *
 * @param optimizer the rule
 * @param learningRate at least 0
 * @param clipNorm positive; infinite for no clipping
 * @param restingBlocks blocks, from 1, whose parameters, and what the optimizer remembers of them,
 *     stay as they are
 */
public record ParameterUpdate(
    Optimizer optimizer, double learningRate, double clipNorm, Set<Integer> restingBlocks) {
  /**
   * Checks the ranges.
   *
   * @param optimizer the rule
   * @param learningRate at least 0
   * @param clipNorm positive
   * @param restingBlocks from 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public ParameterUpdate {
    Require.present("optimizer", optimizer);
    restingBlocks = Set.copyOf(restingBlocks);
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY) || !(clipNorm > 0)) {
      throw new InvalidInputException(
          "an update needs a learning rate of at least 0 and a positive clip norm, got %s and %s"
              .formatted(learningRate, clipNorm));
    }
  }

  /**
   * Creates an update of all blocks without clipping.
   *
   * @param optimizer the rule
   * @param learningRate at least 0
   */
  public ParameterUpdate(Optimizer optimizer, double learningRate) {
    this(optimizer, learningRate, Double.POSITIVE_INFINITY, Set.of());
  }
}
