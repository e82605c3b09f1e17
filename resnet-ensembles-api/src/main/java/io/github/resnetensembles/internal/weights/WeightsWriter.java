package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Weights;
import java.nio.file.Path;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class WeightsWriter {
  private WeightsWriter() {}

  public static void write(Weights weights, Path file) {
    throw new UnsupportedOperationException("stub");
  }
}
