package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A network that is there already.
 *
 * @param label as readers shall see it
 * @param architecture what it is
 * @param form how it is there
 * @param history how it was trained, if that is known
 * @param flags that name it on the command line
 */
public record GivenNetwork(
    String label,
    Architecture architecture,
    Form form,
    Optional<TrainingHistory> history,
    List<String> flags)
    implements NetworkSource {
  /** How a network is there. */
  public sealed interface Form {}

  /**
   * Weights of a network that the library describes.
   *
   * @param weights its tensors
   */
  public record Described(Weights weights) implements Form {}

  /**
   * A model of blocks that are run as they are.
   *
   * @param open opens it; whoever calls closes it
   */
  public record Opaque(Supplier<ResidualModel> open) implements Form {}

  /**
   * Copies the list.
   *
   * @param label as readers shall see it
   * @param architecture what it is
   * @param form how it is there
   * @param history how it was trained, if that is known
   * @param flags that name it on the command line
   */
  public GivenNetwork {
    flags = List.copyOf(flags);
  }

  /**
   * A network with weights.
   *
   * @param label as readers shall see it
   * @param weights of the network
   * @param history how it was trained, if that is known
   * @param flags that name it on the command line
   * @return the network
   */
  public static GivenNetwork of(
      String label, Weights weights, Optional<TrainingHistory> history, List<String> flags) {
    return new GivenNetwork(label, weights.architecture(), new Described(weights), history, flags);
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
    return of(
        name,
        Weights.pretrained(name),
        Optional.of(TrainingHistory.fromJson(PretrainedNetwork.of(name).training())),
        List.of("--weights", "pretrained:" + name));
  }

  OpenNetwork open(Engine engine) {
    if (form instanceof Opaque opaque) {
      return new OpenNetwork(Optional.empty(), opaque.open().get());
    }
    return OpenNetwork.of(((Described) form).weights(), engine);
  }
}
