package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.training.TrainingRecipe;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The network that a report is about, and what it is compared with. */
public sealed interface Subject {
  /** {@return its description} */
  Architecture architecture();

  /**
   * A network that was trained before.
   *
   * @param network the network
   * @param controls what it is compared with
   */
  record Given(GivenNetwork network, List<Control> controls) implements Subject {
    /**
     * Copies the list.
     *
     * @param network the network
     * @param controls what it is compared with
     */
    public Given {
      controls = List.copyOf(controls);
    }

    /**
     * A network that has no twins to compare it with.
     *
     * @param network the network
     * @return the subject
     */
    public static Given alone(GivenNetwork network) {
      return new Given(network, List.of());
    }

    /**
     * The library's own network of 110 layers, with its controls: two of 20 layers, with and
     * without skip connections, and two twins that were trained with stochastic depth and with some
     * of their blocks at a time.
     *
     * @return the networks
     * @throws InvalidInputException if the artifact that has them is not on the class path
     */
    public static Given pretrained() {
      String main = "preresnet-110";
      return new Given(
          GivenNetwork.pretrained(main),
          List.of(
              control(Kind.DELETE_ONE, "preresnet-20"),
              control(Kind.DELETE_ONE, "plain-20"),
              control(Kind.EFFECTIVE_PATHS, main + "-effective-paths"),
              control(Kind.STOCHASTIC_DEPTH, main + "-stochastic-depth")));
    }

    private static Control control(Kind section, String name) {
      return new Control(section, GivenNetwork.pretrained(name));
    }

    @Override
    public Architecture architecture() {
      return network.architecture();
    }
  }

  /**
   * A network to compare another with.
   *
   * @param section which compares them: {@link Kind#DELETE_ONE}, {@link Kind#STOCHASTIC_DEPTH} or
   *     {@link Kind#EFFECTIVE_PATHS}
   * @param network the network
   */
  record Control(Kind section, GivenNetwork network) {
    private static final Set<Kind> COMPARING =
        EnumSet.of(Kind.DELETE_ONE, Kind.STOCHASTIC_DEPTH, Kind.EFFECTIVE_PATHS);

    /**
     * Checks the section.
     *
     * @param section which compares them
     * @param network the network
     * @throws InvalidInputException if the section compares no networks
     */
    public Control {
      if (!COMPARING.contains(section)) {
        throw new InvalidInputException(
            "a control is for one of %s, got %s".formatted(COMPARING, section));
      }
    }
  }

  /**
   * A network that is trained for the report, with its twins.
   *
   * @param architecture the network
   * @param named what {@code --arch} calls it on the command line: a preset's name, or a file
   * @param deeper networks of the same kind, all presets, to show what depth does
   * @param recipe its epochs, wiring and seed are set by the report
   * @param flags that name network and recipe on the command line, without {@code --arch}
   */
  record Trained(
      Architecture architecture,
      String named,
      List<Architecture> deeper,
      TrainingRecipe recipe,
      List<String> flags)
      implements Subject {
    /**
     * Copies the lists.
     *
     * @param architecture the network
     * @param named what {@code --arch} calls it
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
