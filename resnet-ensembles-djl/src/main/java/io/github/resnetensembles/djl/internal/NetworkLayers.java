package io.github.resnetensembles.djl.internal;

import java.util.List;

/** The layers of a network, their weights in the engine. */
record NetworkLayers(StemLayers stem, List<BlockLayers> blocks, HeadLayers head) {
  NetworkLayers {
    blocks = List.copyOf(blocks);
  }
}
