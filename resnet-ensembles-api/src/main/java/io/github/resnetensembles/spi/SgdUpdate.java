package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import java.util.Set;

/**
 * One step of stochastic gradient descent, as PyTorch 2 defines it. With g the accumulated
 * gradient, first multiplied by min(1, clipNorm / (‖g‖ + 1e-6)), ‖g‖ the norm over all parameters
 * together, every trainable parameter w and its momentum v become
 *
 * <pre>
 * d = g + weightDecay · w
 * v = momentum · v + d
 * w = w - learningRate · (nesterov ? d + momentum · v : v)
 * </pre>
 *
 * @param learningRate at least 0
 * @param momentum in [0, 1)
 * @param nesterov whether the step looks ahead
 * @param weightDecay at least 0; it applies to every trainable parameter
 * @param clipNorm positive; infinite for no clipping
 * @param restingBlocks blocks, from 1, whose parameters and momenta stay as they are
 */
public record SgdUpdate(
    double learningRate,
    double momentum,
    boolean nesterov,
    double weightDecay,
    double clipNorm,
    Set<Integer> restingBlocks) {
  /**
   * Checks the ranges.
   *
   * @param learningRate at least 0
   * @param momentum in [0, 1)
   * @param nesterov whether the step looks ahead
   * @param weightDecay at least 0
   * @param clipNorm positive
   * @param restingBlocks from 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public SgdUpdate {
    restingBlocks = Set.copyOf(restingBlocks);
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)
        || !(momentum >= 0 && momentum < 1)
        || !(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)
        || !(clipNorm > 0)) {
      throw new InvalidInputException(
          ("an update needs a learning rate and weight decay of at least 0, a momentum"
                  + " in [0, 1) and a positive clip norm, got %s, %s, %s and %s")
              .formatted(learningRate, weightDecay, momentum, clipNorm));
    }
  }
}
