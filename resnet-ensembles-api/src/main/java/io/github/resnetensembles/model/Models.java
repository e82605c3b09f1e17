package io.github.resnetensembles.model;

import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.spi.Network;

/** Makes models of networks. */
final class Models {
  private Models() {}

  static ResidualModel of(Network network) {
    return new NetworkModel(new OpenNetwork(network), Lesion.intact(), ImmutableList.of(), true);
  }
}
