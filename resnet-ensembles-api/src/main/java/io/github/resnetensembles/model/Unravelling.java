package io.github.resnetensembles.model;

import io.github.resnetensembles.internal.Require;

/**
 * How a network compares with its unravelled view: equation (5) of the paper, evaluated literally.
 * Every block's input is computed anew for its skip connection and for its branch, so that the stem
 * is run once for each of the 2^n paths.
 *
 * @param paths the leaves of the unravelled network: how often the stem was run
 * @param blockEvaluations branches computed, 2^n - 1 in a residual network of n blocks
 * @param largestDifference the largest absolute difference of a logit from the ordinary forward
 *     pass
 * @param largestLogit the largest absolute logit of the ordinary forward pass
 */
public record Unravelling(
    long paths, long blockEvaluations, double largestDifference, double largestLogit) {
  /**
   * Checks the components.
   *
   * @param paths the leaves of the unravelled network
   * @param blockEvaluations branches computed
   * @param largestDifference the largest absolute difference of a logit from the ordinary forward
   *     pass
   * @param largestLogit the largest absolute logit of the ordinary forward pass
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Unravelling {
    Require.atLeast(1, "paths", paths);
    Require.atLeast(0, "blockEvaluations", blockEvaluations);
    largestDifference = Require.notNegative("largestDifference", largestDifference);
    largestLogit = Require.notNegative("largestLogit", largestLogit);
  }

  /** The most blocks of which the unravelled view is evaluated: 2^16 paths. */
  public static final int MAX_BLOCKS = 16;
}
