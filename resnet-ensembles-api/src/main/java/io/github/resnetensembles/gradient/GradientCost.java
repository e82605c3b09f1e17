package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Require;

/**
 * What a gradient by path length costs. One block VJP is one cotangent of a batch pulled back
 * through one residual branch; skip connections, stem and head count nothing.
 *
 * @param blockVjps for each batch; an upper bound where a tolerance drops lengths
 * @param blockVjpsWithoutSharing if every path were pulled back on its own; the same for sums
 * @param batches how many batches at most
 * @param cotangents how many cotangents of a batch are in memory at the most
 * @param cotangentValues the values of the largest cotangent of one image
 */
public record GradientCost(
    long blockVjps,
    long blockVjpsWithoutSharing,
    int batches,
    int cotangents,
    int cotangentValues) {
  /**
   * Checks the components.
   *
   * @param blockVjps for each batch
   * @param blockVjpsWithoutSharing if every path were pulled back on its own
   * @param batches how many batches at most
   * @param cotangents how many cotangents of a batch are in memory at the most
   * @param cotangentValues the values of the largest cotangent of one image
   * @throws IllegalArgumentException if a number is out of its range
   */
  public GradientCost {
    Require.atLeast(0, "blockVjps", blockVjps);
    Require.atLeast(0, "blockVjpsWithoutSharing", blockVjpsWithoutSharing);
    Require.atLeast(0, "batches", batches);
    Require.atLeast(0, "cotangents", cotangents);
    Require.atLeast(0, "cotangentValues", cotangentValues);
  }
}
