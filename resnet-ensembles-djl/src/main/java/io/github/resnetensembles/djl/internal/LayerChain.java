package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.djl.internal.DerivableLayers.Relu;
import java.util.List;
import java.util.Map;

/** Layers one after another; none is the identity. */
record LayerChain(List<DerivableLayer> layers) implements DerivableLayer {
  static final LayerChain IDENTITY = new LayerChain(List.of());

  LayerChain {
    layers = List.copyOf(layers);
  }

  @Override
  public Value forward(ScriptText text, Value x, List<String> saved) {
    Value value = x;
    for (DerivableLayer layer : layers) {
      value = layer.forward(text, value, saved);
    }
    return value;
  }

  @Override
  public List<String> arguments() {
    return layers.stream().flatMap(layer -> layer.arguments().stream()).toList();
  }

  @Override
  public int savedCount() {
    return layers.stream().mapToInt(DerivableLayer::savedCount).sum();
  }

  @Override
  public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
    return backwards(cotangent, saved, (layer, value, own) -> layer.pullBack(text, value, own));
  }

  @Override
  public Value pullBack(
      ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
    return backwards(
        cotangent, saved, (layer, value, own) -> layer.pullBack(text, value, own, gradients));
  }

  private interface Pull {
    Value through(DerivableLayer layer, Value cotangent, List<String> saved);
  }

  private Value backwards(Value cotangent, List<String> saved, Pull pull) {
    Value value = cotangent;
    int end = savedCount();
    for (int i = layers.size() - 1; i >= 0; i--) {
      DerivableLayer layer = layers.get(i);
      int start = end - layer.savedCount();
      value = pull.through(layer, value, saved.subList(start, end));
      end = start;
    }
    return value;
  }

  @Override
  public boolean nonNegative(boolean input) {
    boolean nonNegative = input;
    for (DerivableLayer layer : layers) {
      nonNegative = layer.nonNegative(nonNegative);
    }
    return nonNegative;
  }

  boolean identity() {
    return layers.isEmpty();
  }

  /** {@return whether it changes negative values only} */
  boolean relu() {
    return !identity() && layers.stream().allMatch(layer -> layer instanceof Relu);
  }
}
