package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Weights;
import java.nio.file.Path;

/** Where reading a weight file starts. */
public final class WeightsReader {
  private WeightsReader() {}

  public static Weights.Loader from(Path file) {
    return FileLoader.of(file);
  }
}
