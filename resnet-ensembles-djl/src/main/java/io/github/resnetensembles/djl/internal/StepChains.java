package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.network.BlockLayers;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one step: y = post(skip(lead(x)) + branch(lead(x))).
 *
 * @param skip the skip connection, or null if there is none
 */
record StepChains(LayerChain lead, LayerChain branch, @Nullable LayerChain skip, LayerChain post) {

  /** A part of the network that is no block: a branch alone. */
  static StepChains of(LayerChain chain) {
    return new StepChains(LayerChain.IDENTITY, chain, null, LayerChain.IDENTITY);
  }

  static StepChains of(BlockLayers layers, LayerForm form) {
    return new StepChains(
        form.chain(layers.lead()),
        form.chain(layers.branch()),
        form.chain(layers.skip()),
        form.chain(layers.post()));
  }

  StepChains withoutSkip() {
    return new StepChains(lead, branch, null, post);
  }
}
