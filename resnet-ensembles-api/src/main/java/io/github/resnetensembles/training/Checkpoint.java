package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.WeightFile;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training between two steps: one file, from which it goes on as if nothing had happened.
 *
 * @param weights as they are after the last step
 * @param momenta by tensor name
 * @param place how far the training is; all draws follow from it and the recipe's seed
 * @param identity what tells this training from others, by topic
 */
record Checkpoint(
    Weights weights, Map<String, double[]> momenta, Place place, Map<String, String> identity) {
  private static final String MOMENTUM = "momentum.";
  private static final String TRAINING = "resnet_ensembles.training.";
  private static final String PLACE = TRAINING + "place";

  void write(Path file) {
    Map<String, String> texts = new LinkedHashMap<>();
    identity.forEach((topic, value) -> texts.put(TRAINING + topic, value));
    texts.put(PLACE, JsonNode.write(Place.class, place));
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : weights.architecture().parameters()) {
      double[] momentum = momenta.get(parameter.name());
      if (momentum != null) {
        String name = MOMENTUM + parameter.name();
        tensors.put(name, NamedTensor.of(name, parameter.shape(), momentum));
      }
    }
    new WeightFile(weights, texts, tensors).write(file);
  }

  /**
   * Reads and checks a file.
   *
   * @throws InvalidWeightsException if it is damaged
   * @throws io.github.resnetensembles.FileAccessException if it cannot be read
   */
  static Checkpoint read(Path file) {
    WeightFile saved = WeightFile.read(file);
    Map<String, double[]> momenta = new LinkedHashMap<>();
    saved
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(MOMENTUM)) {
                momenta.put(name.substring(MOMENTUM.length()), tensor.doubles());
              }
            });
    Map<String, String> identity = new LinkedHashMap<>();
    saved
        .texts()
        .forEach(
            (key, value) -> {
              if (key.startsWith(TRAINING) && !key.equals(PLACE)) {
                identity.put(key.substring(TRAINING.length()), value);
              }
            });
    String place = saved.texts().get(PLACE);
    if (place == null) {
      throw new InvalidWeightsException(file + ": these are weights, not a checkpoint of training");
    }
    return new Checkpoint(
        saved.weights(), momenta, JsonNode.parse(place, file.toString()).as(Place.class), identity);
  }
}
