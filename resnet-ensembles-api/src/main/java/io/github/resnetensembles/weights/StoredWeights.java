package io.github.resnetensembles.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Where reading and writing weight files starts. */
final class StoredWeights {
  private StoredWeights() {}

  static Weights.Loader from(Path file) {
    return FileLoader.of(file);
  }

  /** As {@link Weights#saveAsRead} says. */
  static void saveAsRead(Weights weights, Path file) {
    Map<String, List<StoredTensor.Origin>> origins = ArrayWeights.origins(weights);
    List<NamedTensor> tensors = new ArrayList<>();
    for (NamedTensor tensor : weights.tensors().values()) {
      tensors.addAll(
          asRead(
              tensor,
              origins.getOrDefault(
                  tensor.name(), List.of(new StoredTensor.Origin(tensor.name(), tensor.shape())))));
    }
    SafetensorsFile.write(file, OwnFormat.TENSORS_ALONE, tensors);
  }

  /** A tensor, or the parts that it was joined of, one behind the other. */
  private static List<NamedTensor> asRead(NamedTensor tensor, List<StoredTensor.Origin> origins) {
    double[] values = tensor.doubles();
    List<NamedTensor> parts = new ArrayList<>();
    int from = 0;
    for (StoredTensor.Origin origin : origins) {
      int to = from + Math.toIntExact(StoredTensor.count(origin.shape()));
      parts.add(
          NamedTensor.of(origin.name(), origin.shape(), Arrays.copyOfRange(values, from, to)));
      from = to;
    }
    return parts;
  }

  static void save(Weights weights, Path file) {
    SafetensorsFile.write(file, OwnFormat.metadata(weights), weights.tensors().values());
  }
}
