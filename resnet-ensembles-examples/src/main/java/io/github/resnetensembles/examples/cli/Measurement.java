package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import java.util.Optional;
import java.util.OptionalInt;

/** What a command measures of a network, as its flags say it. */
interface Measurement {
  /**
   * Checks what needs no file to be said.
   *
   * @param outputs where its result goes
   * @param inPieces whether a store keeps its pieces
   */
  void check(OutputOptions outputs, boolean inPieces);

  /** Why the batch size has to be given as a number, said after {@code --batch auto}. */
  default Optional<String> needsBatch() {
    return Optional.empty();
  }

  /** The batch size of an earlier result that it goes on from. */
  default OptionalInt earlierBatch() {
    return OptionalInt.empty();
  }

  /** Sets it up on an open network, and runs nothing yet. */
  Measured<?> on(Opened opened);

  /** A network and images that are open, and the flags that named them. */
  record Opened(ResidualModel model, ImageSet images, DataOptions data, ComputeOptions compute) {}
}
