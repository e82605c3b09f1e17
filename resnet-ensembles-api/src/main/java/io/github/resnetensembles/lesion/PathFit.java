package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;

/**
 * How well the number of remaining paths, 2^(n - deleted blocks), explains the error rates of
 * lesioned networks.
 *
 * @param rows how many lesioned networks there were
 * @param explained the share of the variance of their error rates that lies between different
 *     numbers of paths (the correlation ratio, eta squared), in [0, 1]: what any function of the
 *     number of paths can explain at most. Chance alone gives (groups - 1) / (rows - 1)
 * @param linear the share that a straight line over the logarithm of the number of paths explains
 *     (R squared), in [0, {@code explained}]
 * @param slope of that line: what halving the number of paths adds to the error rate
 */
public record PathFit(int rows, double explained, double linear, double slope) {
  /**
   * Checks the components.
   *
   * @param rows how many lesioned networks there were
   * @param explained the share of the variance of their error rates that lies between different
   *     numbers of paths
   * @param linear the share that a straight line over the logarithm of the number of paths explains
   * @param slope of that line
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PathFit {
    Require.atLeast(1, "rows", rows);
    explained = Require.share("explained", explained);
    linear = Require.share("linear", linear);
    slope = Require.finite("slope", slope);
  }
}
