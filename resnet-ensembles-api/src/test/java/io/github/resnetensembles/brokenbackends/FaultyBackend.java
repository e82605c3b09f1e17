package io.github.resnetensembles.brokenbackends;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.function.UnaryOperator;

/** The reference backend, its networks with a fault. */
final class FaultyBackend implements Backend {
  private final Backend good = Backends.load("reference");
  private final UnaryOperator<Network> breaking;

  FaultyBackend(UnaryOperator<Network> breaking) {
    this.breaking = breaking;
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public String engine() {
    return good.engine();
  }

  @Override
  public List<String> devices() {
    return good.devices();
  }

  @Override
  public Network network(Weights weights, ModelOptions options) {
    return breaking.apply(good.network(weights, options));
  }
}
