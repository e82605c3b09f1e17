package io.github.resnetensembles.internal.model;

import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.spi.Network;

/** Makes models of networks. */
public final class Models {
  private Models() {}

  public static ResidualModel of(Network network) {
    return new NetworkModel(new OpenNetwork(network), Lesion.intact(), ImmutableList.of(), true);
  }
}
