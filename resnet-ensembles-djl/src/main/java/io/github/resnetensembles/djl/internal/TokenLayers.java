package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Map;

/** Layers of tokens, (N, D, T, 1), which lie (N, T, D) in memory. */
final class TokenLayers {
  private TokenLayers() {}

  private static String slice(String x, int first, long end) {
    return "torch.slice(%s, 2, %s, %s, 1)".formatted(x, first, end);
  }

  private static Value arranged(ScriptText text, String x) {
    return Value.shared(text.let(Layers.channelsLast(x)));
  }

  /** Pixels as tokens. */
  record Tokens(FeatureShape input) implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return arranged(text, "torch.unsqueeze(torch.flatten(" + x.name() + ", 2, 3), 3)");
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return arranged(
          text,
          "torch.reshape(%s, [-1, %s, %s, %s])"
              .formatted(cotangent.name(), input.channels(), input.height(), input.width()));
    }
  }

  /**
   * A token before the others.
   *
   * @param weight (1, 1, D)
   */
  record ClassToken(PlacedLayer placed, NDArray weight) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String token =
          "torch.expand(torch.reshape(%s, [1, -1, 1, 1]), [torch.size(%s, 0), -1, -1, -1])"
              .formatted(text.weight(weight), x.name());
      return arranged(text, "torch.cat([" + token + ", " + x.name() + "], 2)");
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return arranged(text, slice(cotangent.name(), 1, placed.output().height()));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      gradients.put(
          placed.tensor("weight"),
          text.let(
              "torch.reshape(torch.sum(%s, [0, 2, 3], False, dtype=None), [1, 1, -1])"
                  .formatted(slice(cotangent.name(), 0, 1))));
      return pullBack(text, cotangent, saved);
    }
  }

  /**
   * A parameter for each value.
   *
   * @param weight (1, T, D)
   */
  record Positions(PlacedLayer placed, NDArray weight) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      FeatureShape shape = placed.input();
      String added =
          "torch.reshape(torch.transpose(%s, 1, 2), [1, %s, %s, %s])"
              .formatted(text.weight(weight), shape.channels(), shape.height(), shape.width());
      return Value.own(text.let("torch.add(" + x.name() + ", " + added + ")"));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return cotangent;
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      String sum = "torch.sum(" + cotangent.name() + ", [0], True, dtype=None)";
      gradients.put(
          placed.tensor("weight"),
          text.let("torch.contiguous(torch.transpose(torch.flatten(" + sum + ", 2, 3), 1, 2))"));
      return cotangent;
    }
  }

  /** Some of the tokens. */
  record Selection(Layer.TokenSelection layer, FeatureShape input) implements DerivableLayer {
    private String selected(String x) {
      return slice(x, layer.first(), (long) layer.first() + layer.count());
    }

    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return arranged(text, selected(x.name()));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String zeros =
          "torch.new_zeros(%s, [torch.size(%s, 0), %s, %s, 1])"
              .formatted(cotangent.name(), cotangent.name(), input.channels(), input.height());
      String all = text.let(Layers.channelsLast(zeros));
      text.let("torch.copy_(" + selected(all) + ", " + cotangent.name() + ")");
      return Value.own(all);
    }
  }
}
