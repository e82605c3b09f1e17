package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.result.Result;

/**
 * What a command measures of a network, as its flags say it.
 *
 * @param <R> what comes out
 */
interface Measurement<R extends Result> {
  /**
   * Checks what needs no file to be said.
   *
   * @param outputs where its result goes
   * @param inPieces whether a store keeps its pieces
   */
  void check(OutputOptions outputs, boolean inPieces);

  /** Sets it up on an open network, and runs nothing yet. */
  Measured<R> on(Opened opened);

  /** A network and images that are open, and the flags that named them. */
  record Opened(ResidualModel model, ImageSet images, DataOptions data, ComputeOptions compute) {}
}
