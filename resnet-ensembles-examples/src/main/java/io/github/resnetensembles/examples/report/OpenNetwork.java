package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.Weights;

/** A network that can be studied, with its weights. */
record OpenNetwork(Weights weights, ResidualModel model) implements AutoCloseable {
  static OpenNetwork of(Weights weights, Engine engine) {
    return new OpenNetwork(weights, engine.backend().open(weights, engine.options()));
  }

  @Override
  public void close() {
    model.close();
  }
}
