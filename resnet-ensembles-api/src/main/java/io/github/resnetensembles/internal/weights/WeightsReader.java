package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Weights;
import java.nio.file.Path;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class WeightsReader {
  private WeightsReader() {}

  public static Weights.Loader from(Path file) {
    throw new UnsupportedOperationException("stub");
  }
}
