package io.github.resnetensembles.internal.reference;

import java.util.List;

/** A function of one batch that changes neither its input nor itself. */
@FunctionalInterface
interface Layer {
  Features apply(Features input);

  /** Runs layers one after the other; none at all is the identity. */
  static Layer chain(List<Layer> layers) {
    List<Layer> copy = List.copyOf(layers);
    return input -> {
      Features features = input;
      for (Layer layer : copy) {
        features = layer.apply(features);
      }
      return features;
    };
  }
}
