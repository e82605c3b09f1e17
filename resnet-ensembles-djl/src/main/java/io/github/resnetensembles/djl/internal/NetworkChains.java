package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.djl.internal.DerivableLayers.Arrange;
import io.github.resnetensembles.network.Architecture;
import java.util.List;

/** The layers of a network in one form. */
record NetworkChains(LayerChain stem, List<StepChains> blocks, LayerChain head) {
  NetworkChains {
    blocks = List.copyOf(blocks);
  }

  static NetworkChains of(Architecture architecture, LayerForm form) {
    return of(architecture, form, form);
  }

  /**
   * The layers of a network.
   *
   * @param ends the form of stem and head
   * @param blocks the form of all between them
   */
  static NetworkChains of(Architecture architecture, LayerForm ends, LayerForm blocks) {
    LayerChain stem = ends.chain(architecture.stemLayers());
    return new NetworkChains(
        new LayerChain(List.of(new Arrange(), stem)),
        architecture.blocks().stream().map(block -> StepChains.of(block.layers(), blocks)).toList(),
        ends.chain(architecture.headLayers()));
  }
}
