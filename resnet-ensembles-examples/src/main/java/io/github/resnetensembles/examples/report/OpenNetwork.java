package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.weights.Weights;

/** A network that can be studied, with its weights. */
record OpenNetwork(Weights weights, ResidualModel model) implements AutoCloseable {
  static OpenNetwork of(Weights weights, Engine engine) {
    return new OpenNetwork(
        weights, ResidualModel.open(engine.backend(), weights, engine.options()));
  }

  /** What results will say of where they come from. */
  Provenance provenance(ImageSet images, Engine engine) {
    return model.provenance(images, RunOptions.defaults().withBatchSize(engine.batchSize()));
  }

  @Override
  public void close() {
    model.close();
  }
}
