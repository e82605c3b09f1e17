package io.github.resnetensembles.internal.training;

import com.google.gson.JsonObject;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.NamedTensor;
import io.github.resnetensembles.ParameterSpec;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.internal.JsonNode;
import io.github.resnetensembles.internal.weights.TensorArchive;
import io.github.resnetensembles.internal.weights.OwnFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final String MOMENTUM = OwnFormat.OPTIMIZER + "momentum.";
  private static final String TRAINING = "resnet_ensembles.training.";
  private static final String PLACE = TRAINING + "place";

  void write(Path file) {
    Map<String, String> metadata = new LinkedHashMap<>(OwnFormat.metadata(weights.architecture().toJson(), weights.trained()));
    identity.forEach((topic, value) -> metadata.put(TRAINING + topic, value));
    metadata.put(PLACE, JsonNode.write(placeTree()));
    List<NamedTensor> tensors = new ArrayList<>(weights.tensors().values());
    for (ParameterSpec parameter : weights.architecture().parameters()) {
      double[] momentum = momenta.get(parameter.name());
      if (momentum != null) {
        tensors.add(
            NamedTensor.of(MOMENTUM + parameter.name(), parameter.shape(), momentum));
      }
    }
    TensorArchive.write(file, metadata, tensors);
  }

  /**
   * Reads and checks a file.
   *
   * @throws InvalidWeightsException if it is damaged
   * @throws io.github.resnetensembles.FileAccessException if it cannot be read
   */
  static Checkpoint read(Path file) {
    TensorArchive archive = TensorArchive.read(file);
    Map<String, double[]> momenta = new LinkedHashMap<>();
    archive
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(MOMENTUM)) {
                momenta.put(name.substring(MOMENTUM.length()), tensor.doubles());
              }
            });
    Map<String, String> identity = new LinkedHashMap<>();
    archive
        .metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(TRAINING) && !key.equals(PLACE)) {
                identity.put(key.substring(TRAINING.length()), value);
              }
            });
    String place = archive.metadata().get(PLACE);
    if (place == null) {
      throw new InvalidWeightsException(file + ": these are weights, not a checkpoint of training");
    }
    return new Checkpoint(
        Weights.of(file), momenta, readPlace(JsonNode.parse(place, file.toString())), identity);
  }

  private JsonObject placeTree() {
    JsonObject json = new JsonObject();
    json.addProperty("steps", place.steps());
    json.addProperty("lossSum", place.lossSum());
    json.addProperty("wrong", place.wrong());
    json.addProperty("images", place.images());
    json.add("epochs", TrainingResultText.epochs(place.epochs()));
    return json;
  }

  private static Place readPlace(JsonNode node) {
    return new Place(
        node.get("steps").longInteger(),
        node.get("lossSum").number(),
        node.get("wrong").longInteger(),
        node.get("images").longInteger(),
        node.get("epochs").list(TrainingResultText::readEpoch));
  }
}
