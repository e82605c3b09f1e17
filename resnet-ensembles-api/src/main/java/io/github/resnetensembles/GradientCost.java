package io.github.resnetensembles;

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
    int cotangentValues) {}
