package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;

/** How layers are written into scripts: with BatchNorm folded, or as they are. */
interface LayerForm {
  /**
   * Layers one after another.
   *
   * @param layers a part of a network
   */
  LayerChain chain(List<PlacedLayer> layers);
}
