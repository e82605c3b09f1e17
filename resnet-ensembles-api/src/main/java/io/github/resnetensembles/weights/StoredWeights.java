package io.github.resnetensembles.weights;

import java.nio.file.Path;

/** Where reading and writing weight files starts. */
final class StoredWeights {
  private StoredWeights() {}

  static Weights.Loader from(Path file) {
    return FileLoader.of(file);
  }

  static void save(Weights weights, Path file) {
    SafetensorsFile.write(file, OwnFormat.metadata(weights), weights.tensors().values());
  }
}
