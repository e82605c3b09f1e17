package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.Network.NetworkInfo;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/**
 * Computes on the processor in plain Java, always in float64: {@link Precision#FLOAT32} is
 * accepted, computed in float64, and {@link Network#info()} says so.
 */
public final class ReferenceBackend implements Backend {
  public static final String NAME = "reference";
  private static final String JAVA = "java";
  private static final String CPU = "cpu";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String engine() {
    return "plain Java " + Runtime.version().feature();
  }

  @Override
  public List<String> devices() {
    return List.of(CPU);
  }

  @Override
  public Network network(Weights weights, ModelOptions options) {
    check(weights, options);
    return new ReferenceNetwork(weights, info(weights), options.effectiveThreads());
  }

  @Override
  public TrainingNetwork training(Weights weights, TrainingOptions options) {
    check(weights, options.model());
    return new ReferenceTrainingNetwork(weights, info(weights), options);
  }

  private NetworkInfo info(Weights weights) {
    // Plain Java adds up in one order on all processors.
    return new NetworkInfo(
            NAME,
            engine(),
            CPU,
            Precision.FLOAT64,
            weights.sha256(),
            weights.trained(),
            weights.assumed())
        .computedWith(JAVA, JAVA);
  }

  private void check(Weights weights, ModelOptions options) {
    String device = options.device();
    if (!device.equals("auto") && !device.equals(CPU)) {
      throw new BackendUnavailableException(
          "the reference backend has no device '%s': it computes on %s only; ask for cpu or auto, or use another backend"
              .formatted(device, devices()));
    }
    if (weights.architecture().opaque()) {
      throw new InvalidInputException(
          "the reference backend cannot run %s: its blocks are opaque, and only the backend that made them knows their layers"
              .formatted(weights.architecture().name()));
    }
  }
}
