package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;

/** Layers of tokens, (D, T, 1), that put tokens somewhere or add to them. */
final class TokenLayers {
  private TokenLayers() {}

  /** Calls for each value of some tokens: where it is among them and among all. */
  @FunctionalInterface
  private interface Place {
    void at(int part, int all);
  }

  private static void forEach(int rows, int first, int count, int all, Place place) {
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < count; token++) {
        place.at(row * count + token, row * all + first + token);
      }
    }
  }

  /**
   * A token before the others.
   *
   * @param name of its tensor
   * @param token laid out (D)
   */
  static Operation prepended(String name, double[] token) {
    return (input, mode) -> {
      FeatureShape in = input.shape();
      int tokens = in.height() + 1;
      int rows = input.images() * in.channels();
      Features output = Features.zeros(input.images(), new FeatureShape(in.channels(), tokens, 1));
      for (int row = 0; row < rows; row++) {
        output.values()[row * tokens] = token[row % in.channels()];
      }
      forEach(
          rows, 1, in.height(), tokens, (part, all) -> output.values()[all] = input.values()[part]);
      return LayerTrace.of(
          output,
          v -> {
            Features result = Features.zeros(input.images(), in);
            forEach(
                rows,
                1,
                in.height(),
                tokens,
                (part, all) -> result.values()[part] = v.values()[all]);
            return result;
          },
          (v, gradient) -> {
            double[] toToken = gradient.of(name);
            for (int row = 0; row < rows; row++) {
              toToken[row % in.channels()] += v.values()[row * tokens];
            }
          });
    };
  }

  /**
   * A parameter for each value.
   *
   * @param name of its tensor
   * @param embedding laid out (T, D)
   */
  static Operation added(String name, double[] embedding) {
    return (input, mode) -> {
      int channels = input.shape().channels();
      int tokens = input.shape().height() * input.shape().width();
      return LayerTrace.of(
          input.like(i -> input.values()[i] + embedding[i % tokens * channels + input.channel(i)]),
          v -> v,
          (v, gradient) -> {
            double[] toEmbedding = gradient.of(name);
            for (int i = 0; i < v.values().length; i++) {
              toEmbedding[i % tokens * channels + input.channel(i)] += v.values()[i];
            }
          });
    };
  }

  static Operation selected(Layer.TokenSelection layer) {
    return (input, mode) -> {
      FeatureShape in = input.shape();
      int rows = input.images() * in.channels();
      Features output = Features.zeros(input.images(), layer.output(in));
      forEach(
          rows,
          layer.first(),
          layer.count(),
          in.height(),
          (part, all) -> output.values()[part] = input.values()[all]);
      return LayerTrace.of(
          output,
          v -> {
            Features result = Features.zeros(input.images(), in);
            forEach(
                rows,
                layer.first(),
                layer.count(),
                in.height(),
                (part, all) -> result.values()[all] = v.values()[part]);
            return result;
          });
    };
  }
}
