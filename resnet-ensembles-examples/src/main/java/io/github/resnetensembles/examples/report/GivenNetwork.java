package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * A network that was trained before.
 *
 * @param label as readers shall see it
 * @param weights of the network
 * @param history how it was trained, if that is known
 * @param flags that name it on the command line
 */
public record GivenNetwork(
    String label, Weights weights, Optional<TrainingHistory> history, List<String> flags)
    implements NetworkSource {
  /**
   * Copies the list.
   *
   * @param label as readers shall see it
   * @param weights of the network
   * @param history how it was trained, if that is known
   * @param flags that name it on the command line
   */
  public GivenNetwork {
    flags = List.copyOf(flags);
  }

  /**
   * One of the library's own networks.
   *
   * @param name as for {@link Weights#pretrained}
   * @return the network, with its training
   * @throws io.github.resnetensembles.InvalidInputException if there is none, or its artifact is
   *     not on the class path
   */
  public static GivenNetwork pretrained(String name) {
    return new GivenNetwork(
        name,
        Weights.pretrained(name),
        Optional.of(TrainingHistory.fromJson(PretrainedNetwork.of(name).training())),
        List.of("--weights", "pretrained:" + name));
  }

  @Override
  public Architecture architecture() {
    return weights.architecture();
  }
}
