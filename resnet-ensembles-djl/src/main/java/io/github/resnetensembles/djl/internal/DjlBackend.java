package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/** The backend {@code djl}. Creating it does not load the engine. */
public final class DjlBackend implements Backend {
  static final String NAME = "djl";

  /** Creates the backend, for {@link java.util.ServiceLoader}. */
  public DjlBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String engine() {
    return TorchEngine.load().description();
  }

  @Override
  public List<String> devices() {
    return TorchEngine.load().deviceNames();
  }

  @Override
  public Network network(Weights weights, ModelOptions options) {
    checkLayered(weights);
    return LayeredNetwork.open(weights, options);
  }

  @Override
  public TrainingNetwork training(Weights weights, TrainingOptions options) {
    checkLayered(weights);
    return LayeredTraining.open(weights, options);
  }

  private static void checkLayered(Weights weights) {
    if (weights.architecture().opaque()) {
      throw new InvalidInputException(
          "network %s is made of the user's own blocks, which have no weights here: open it with DjlModels"
              .formatted(weights.architecture().name()));
    }
  }
}
