package io.github.resnetensembles.internal.model;

import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.spi.Network;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class Models {
  private Models() {}

  public static ResidualModel of(Network network) {
    throw new UnsupportedOperationException("stub");
  }
}
