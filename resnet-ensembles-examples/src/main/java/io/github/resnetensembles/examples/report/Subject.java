package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/** The network that a report is about. */
public sealed interface Subject {
  /** {@return its description} */
  Architecture architecture();

  /** {@return the flags that name it on the command line} */
  List<String> flags();

  /**
   * A network that was trained before. It has no twins to compare it with.
   *
   * @param weights of the network
   * @param flags that name it on the command line
   */
  record Given(Weights weights, List<String> flags) implements Subject {
    /**
     * Copies the list.
     *
     * @param weights of the network
     * @param flags that name it on the command line
     */
    public Given {
      flags = List.copyOf(flags);
    }

    @Override
    public Architecture architecture() {
      return weights.architecture();
    }
  }

  /**
   * A network that is trained for the report, with its twins.
   *
   * @param architecture the network
   * @param deeper networks of the same kind, to show what depth does
   * @param recipe its epochs, wiring and seed are set by the report
   * @param flags that name network and recipe on the command line, without {@code --arch}
   */
  record Trained(
      Architecture architecture,
      List<Architecture> deeper,
      TrainingRecipe recipe,
      List<String> flags)
      implements Subject {
    /**
     * Copies the lists.
     *
     * @param architecture the network
     * @param deeper networks of the same kind
     * @param recipe how it is trained
     * @param flags that name it on the command line
     */
    public Trained {
      deeper = List.copyOf(deeper);
      flags = List.copyOf(flags);
    }
  }
}
