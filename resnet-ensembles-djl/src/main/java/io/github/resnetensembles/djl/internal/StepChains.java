package io.github.resnetensembles.djl.internal;

import org.jspecify.annotations.Nullable;

/**
 * The layers of one step: y = post(s(x) + f(lead(x))).
 *
 * @param lead what comes before the branch, and before the skip connection if that sees it
 * @param branch the branch f, without what leads to it
 * @param skip the skip connection s, or null if there is none
 * @param activatedSkip whether the skip connection sees what {@code lead} gives, not x
 */
record StepChains(
    LayerChain lead,
    LayerChain branch,
    @Nullable LayerChain skip,
    LayerChain post,
    boolean activatedSkip) {

  /** A part of the network that is no block: a branch alone. */
  static StepChains of(LayerChain chain) {
    return new StepChains(LayerChain.IDENTITY, chain, null, LayerChain.IDENTITY, false);
  }
}
