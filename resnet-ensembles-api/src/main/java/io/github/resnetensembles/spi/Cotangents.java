package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * What is pulled back through one step: a · sᵀD u + b · fᵀD v, where D is the derivative of post at
 * the step's own sum. A side without a cotangent is not computed and adds nothing.
 *
 * @param skip u, shaped like the step's output, or null
 * @param skipWeight a, finite
 * @param branch v, shaped like the step's output, or null
 * @param branchWeight b, finite
 */
public record Cotangents(
    @Nullable Activation skip,
    double skipWeight,
    @Nullable Activation branch,
    double branchWeight) {
  /**
   * Checks that there is something to pull back.
   *
   * @param skip u
   * @param skipWeight a
   * @param branch v
   * @param branchWeight b
   * @throws IllegalArgumentException if neither side has a cotangent or a weight is not finite
   */
  public Cotangents {
    if (skip == null && branch == null) {
      throw new InvalidInputException("neither side of the step has a cotangent");
    }
    if (!Double.isFinite(skipWeight) || !Double.isFinite(branchWeight)) {
      throw new InvalidInputException(
          "weights must be finite, got " + skipWeight + " and " + branchWeight);
    }
  }

  /**
   * Through the skip connection alone.
   *
   * @param u shaped like the step's output
   * @param weight a
   * @return a · sᵀD u
   */
  public static Cotangents ofSkip(Activation u, double weight) {
    return new Cotangents(u, weight, null, 0);
  }

  /**
   * Through the residual branch alone.
   *
   * @param v shaped like the step's output
   * @param weight b
   * @return b · fᵀD v
   */
  public static Cotangents ofBranch(Activation v, double weight) {
    return new Cotangents(null, 0, v, weight);
  }
}
