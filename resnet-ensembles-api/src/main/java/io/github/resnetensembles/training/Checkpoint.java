package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.WeightFile;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A training between two steps: one file, from which it goes on as if nothing had happened.
 *
 * @param weights as they are after the last step
 * @param optimizer what it remembers
 * @param place how far the training is; all draws follow from it and the recipe's seed
 * @param identity what tells this training from others, by topic
 */
record Checkpoint(
    Weights weights, OptimizerState optimizer, Place place, Map<String, String> identity) {
  private static final String MOMENTUM = "momentum.";
  private static final String SQUARE = "square.";
  private static final String UPDATES = "updates";
  private static final String TRAINING = "resnet_ensembles.training.";
  private static final String PLACE = TRAINING + "place";

  void write(Path file) {
    Map<String, String> texts = new LinkedHashMap<>();
    identity.forEach((topic, value) -> texts.put(TRAINING + topic, value));
    texts.put(PLACE, JsonNode.write(Place.class, place));
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    add(MOMENTUM, optimizer.momenta(), tensors);
    add(SQUARE, optimizer.squares(), tensors);
    if (!optimizer.updates().isEmpty()) {
      double[] counts = optimizer.updates().stream().mapToDouble(Long::doubleValue).toArray();
      tensors.put(UPDATES, NamedTensor.of(UPDATES, List.of(counts.length), counts));
    }
    new WeightFile(weights, texts, tensors).write(file);
  }

  private void add(String prefix, Map<String, double[]> moments, Map<String, NamedTensor> tensors) {
    for (ParameterSpec parameter : weights.architecture().parameters()) {
      double[] moment = moments.get(parameter.name());
      if (moment != null) {
        String name = prefix + parameter.name();
        tensors.put(name, NamedTensor.of(name, parameter.shape(), moment));
      }
    }
  }

  /**
   * Reads and checks a file.
   *
   * @throws InvalidWeightsException if it is damaged
   * @throws io.github.resnetensembles.FileAccessException if it cannot be read
   */
  static Checkpoint read(Path file) {
    WeightFile saved = WeightFile.read(file);
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
        saved.weights(),
        new OptimizerState(moments(saved, MOMENTUM), moments(saved, SQUARE), updates(saved)),
        JsonNode.parse(place, file.toString()).as(Place.class),
        identity);
  }

  private static Map<String, double[]> moments(WeightFile saved, String prefix) {
    Map<String, double[]> moments = new LinkedHashMap<>();
    saved
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                moments.put(name.substring(prefix.length()), tensor.doubles());
              }
            });
    return moments;
  }

  private static List<Long> updates(WeightFile saved) {
    NamedTensor counts = saved.tensors().get(UPDATES);
    return counts == null
        ? List.of()
        : Arrays.stream(counts.doubles()).mapToObj(count -> (long) count).toList();
  }
}
