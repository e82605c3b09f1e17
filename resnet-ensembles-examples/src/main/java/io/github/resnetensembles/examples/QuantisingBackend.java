package io.github.resnetensembles.examples;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

// region backends
/** The reference backend with residual branches whose outputs are rounded to 8 bits. */
public final class QuantisingBackend implements Backend {
  /** The name it is found by. */
  public static final String NAME = "quantised";

  /** Creates the backend; {@link java.util.ServiceLoader} calls this. */
  public QuantisingBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String engine() {
    return Backends.load("reference").engine() + ", " + QuantisingNetwork.CHANGE;
  }

  @Override
  public List<String> devices() {
    return Backends.load("reference").devices();
  }

  @Override
  public Network network(Weights weights, ModelOptions options) {
    return new QuantisingNetwork(Backends.load("reference").network(weights, options));
  }
}
// endregion
