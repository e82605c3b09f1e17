package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Weights;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class Initialiser {
  private Initialiser() {}

  public static Weights initialise(Architecture architecture, long seed) {
    throw new UnsupportedOperationException("stub");
  }
}
