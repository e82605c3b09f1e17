package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Weights;
import java.nio.file.Path;

/** Where reading and writing weight files starts. */
public final class StoredWeights {
  private StoredWeights() {}

  public static Weights.Loader from(Path file) {
    return FileLoader.of(file);
  }

  public static void save(Weights weights, Path file) {
    SafetensorsFile.write(file, OwnFormat.metadata(weights), weights.tensors().values());
  }
}
