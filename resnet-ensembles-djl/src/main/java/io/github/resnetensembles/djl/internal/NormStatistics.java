package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.djl.internal.Layers.Norm;

/**
 * What a BatchNorm normalises with.
 *
 * @param ofBatch whether with the statistics of its batch
 * @param updates whether the forward pass updates the running statistics
 * @param momentum the share of the batch in an update
 */
record NormStatistics(boolean ofBatch, boolean updates, double momentum) {
  static final NormStatistics RUNNING = new NormStatistics(false, false, 0);
  static final NormStatistics BATCH = new NormStatistics(true, false, 0);

  static NormStatistics updating(double momentum) {
    return new NormStatistics(true, true, momentum);
  }

  /** {@return the running statistics that the forward pass sees} */
  String runningIn(ScriptText text, Norm norm) {
    return ofBatch && !updates
        ? "None, None"
        : text.weight(norm.mean()) + ", " + text.weight(norm.variance());
  }
}
