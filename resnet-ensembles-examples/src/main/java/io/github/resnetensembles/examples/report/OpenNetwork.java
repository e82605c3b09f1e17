package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.util.Optional;

/**
 * A network that can be studied.
 *
 * @param weights its tensors; empty where it is of blocks that are run as they are
 * @param model what is studied
 */
record OpenNetwork(Optional<Weights> weights, ResidualModel model) implements AutoCloseable {
  static OpenNetwork of(Weights weights, Engine engine) {
    return new OpenNetwork(
        Optional.of(weights), ResidualModel.open(engine.backend(), weights, engine.options()));
  }

  @Override
  public void close() {
    model.close();
  }
}
