package io.github.resnetensembles.training;

import io.github.resnetensembles.network.Block;
import java.util.Arrays;

/**
 * One block in the wiring of one mini-batch.
 *
 * @param skipGains one for the batch, or one for each image
 * @param branchGains one for the batch, or one for each image
 */
@SuppressWarnings("ArrayRecordComponent") // Handed to the engine as they are, never compared.
record TrainedBlock(int number, double[] skipGains, double[] branchGains) {
  /** A dropped plain block becomes its stand-in; a residual one keeps its skip connection. */
  static TrainedBlock of(Block block, double[] branchGains) {
    double[] skipGains =
        block.spec().plain()
            ? Arrays.stream(branchGains).map(gain -> gain == 0 ? 1 : 0).toArray()
            : new double[] {1};
    return new TrainedBlock(block.number(), skipGains, branchGains);
  }

  boolean dropped() {
    return Arrays.stream(branchGains).allMatch(gain -> gain == 0);
  }

  boolean withoutSkip() {
    return Arrays.stream(skipGains).allMatch(gain -> gain == 0);
  }
}
