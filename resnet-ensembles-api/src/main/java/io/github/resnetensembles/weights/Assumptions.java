package io.github.resnetensembles.weights;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Layer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is assumed of a network while it is inferred: what the user says, else what is usual. Every
 * question is remembered with its answer.
 */
final class Assumptions {
  private static final double LEAKY_SLOPE = 0.01;

  private final Map<Assumption, String> given;

  /** What holds for networks of the file's names. */
  private Map<Assumption, String> ofNames = Map.of();

  private final Map<String, String> answers = new LinkedHashMap<>();

  Assumptions(Map<Assumption, String> given) {
    this.given = given;
  }

  /** From now on networks of some names are read. */
  void namesOf(NamingScheme scheme) {
    ofNames = scheme.usual();
  }

  boolean isGiven(Assumption assumption) {
    return given.containsKey(assumption);
  }

  /** What holds, the usual unless the names tell or the user says otherwise. */
  String word(Assumption assumption, String usual) {
    String answer = given.getOrDefault(assumption, ofNames.getOrDefault(assumption, usual));
    answers.put(assumption.key(), answer);
    return answer;
  }

  int number(Assumption assumption, int usual) {
    return Integer.parseInt(word(assumption, String.valueOf(usual)));
  }

  double real(Assumption assumption, String usual) {
    return Double.parseDouble(word(assumption, usual));
  }

  /**
   * One number for each stage.
   *
   * @throws InvalidWeightsException if the user gives another number of them
   */
  List<Integer> numbers(Assumption assumption, List<Integer> usual) {
    String text = word(assumption, Joiner.on('x').join(usual));
    List<Integer> numbers = Splitter.on('x').splitToStream(text).map(Integer::valueOf).toList();
    if (numbers.size() != usual.size()) {
      throw new InvalidWeightsException(
          "%s=%s has %s numbers, but the network has %s stages"
              .formatted(assumption.key(), text, numbers.size(), usual.size()));
    }
    return numbers;
  }

  /** The numbers that were said or assumed before. */
  List<Integer> numbersSaid(Assumption assumption) {
    String text = answers.getOrDefault(assumption.key(), "");
    return Splitter.on('x').omitEmptyStrings().splitToStream(text).map(Integer::valueOf).toList();
  }

  /** The network's activation. */
  Layer activation(String usual) {
    return layer(word(Assumption.ACTIVATION, usual));
  }

  /** That of the first stages, where these have another. */
  Layer earlyActivation(String usual) {
    return layer(word(Assumption.EARLY_ACTIVATION, usual));
  }

  /** What the head drops in training, a layer or none. */
  List<Layer> dropout(String usual) {
    double probability = real(Assumption.DROPOUT, usual);
    return probability == 0 ? List.of() : List.of(new Layer.Dropout(probability));
  }

  /** What makes gates. */
  Layer.Function gate(String usual) {
    return word(Assumption.GATE, usual).equals("sigmoid")
        ? Layer.Function.SIGMOID
        : Layer.Function.HARD_SIGMOID;
  }

  private static Layer layer(String activation) {
    return switch (activation) {
      case "relu" -> new Layer.Relu();
      case "leaky-relu" -> new Layer.LeakyRelu(LEAKY_SLOPE);
      case "relu6" -> new Layer.ActivationFunction(Layer.Function.RELU6);
      case "silu" -> new Layer.ActivationFunction(Layer.Function.SILU);
      case "gelu" -> new Layer.ActivationFunction(Layer.Function.GELU);
      case "gelu-tanh" -> new Layer.ActivationFunction(Layer.Function.GELU_TANH);
      case "hard-swish" -> new Layer.ActivationFunction(Layer.Function.HARD_SWISH);
      case "sigmoid" -> new Layer.ActivationFunction(Layer.Function.SIGMOID);
      default -> new Layer.ActivationFunction(Layer.Function.HARD_SIGMOID);
    };
  }

  /** The answers, in the order of the questions. */
  Map<String, String> answers() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(answers));
  }

  /**
   * Refuses what the user says in vain.
   *
   * @param said by the user
   * @throws InvalidWeightsException if something was given that was never asked
   */
  void checkAllAsked(Collection<Assumption> said) {
    Set<String> unasked = new LinkedHashSet<>();
    said.forEach(assumption -> unasked.add(assumption.key()));
    unasked.removeAll(answers.keySet());
    if (!unasked.isEmpty()) {
      throw new InvalidWeightsException(
          "nothing is assumed of these tensors that %s could change%s; leave it out"
              .formatted(
                  Joiner.on(", ").join(unasked),
                  answers.isEmpty() ? "" : ", only " + Joiner.on(", ").join(answers.keySet())));
    }
  }
}
