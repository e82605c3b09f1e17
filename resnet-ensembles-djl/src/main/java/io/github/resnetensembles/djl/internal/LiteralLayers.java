package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import java.util.List;
import java.util.Map;

/**
 * Layers with the network's own parameters, nothing folded, as the engine itself differentiates
 * them: what gradients of parameters, and BatchNorm with the statistics of its batch, need.
 */
final class LiteralLayers {
  private LiteralLayers() {}

  /**
   * A convolution without bias.
   *
   * @param weight (out, in, k, k)
   */
  record LiteralConvolution(String name, NDArray weight, int stride, int padding)
      implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      return Value.own(text.let(Layers.convolve(text, x.name(), weight, null, stride, padding)));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(backward(text, cotangent, saved, false).get(0));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      List<String> both = backward(text, cotangent, saved, true);
      gradients.put(name + ".weight", both.get(1));
      return Value.own(both.get(0));
    }

    private List<String> backward(
        ScriptText text, Value cotangent, List<String> saved, boolean parameters) {
      return text.let(
          3,
          "torch.convolution_backward(%s, %s, %s, None, %s, %s, [1, 1], False, [0, 0], 1, [True, %s, False])"
              .formatted(
                  cotangent.name(),
                  saved.get(0),
                  text.weight(weight),
                  Layers.pair(stride),
                  Layers.pair(padding),
                  parameters ? "True" : "False"));
    }
  }

  /**
   * BatchNorm.
   *
   * @param statistics what it normalises with
   */
  record LiteralNorm(Norm norm, NormStatistics statistics) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      List<String> all =
          text.let(
              3,
              "torch.native_batch_norm(%s, %s, %s, %s, %s, %s, %s)"
                  .formatted(
                      x.name(),
                      text.weight(norm.weight()),
                      text.weight(norm.bias()),
                      statistics.runningIn(text, norm),
                      statistics.ofBatch() ? "True" : "False",
                      statistics.momentum(),
                      norm.epsilon()));
      saved.add(x.name());
      saved.add(all.get(1));
      saved.add(all.get(2));
      return Value.own(all.get(0));
    }

    @Override
    public int savedCount() {
      return 3;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(backward(text, cotangent, saved, false).get(0));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      List<String> all = backward(text, cotangent, saved, true);
      gradients.put(norm.name() + ".weight", all.get(1));
      gradients.put(norm.name() + ".bias", all.get(2));
      return Value.own(all.get(0));
    }

    private List<String> backward(
        ScriptText text, Value cotangent, List<String> saved, boolean parameters) {
      String mask = parameters ? "True" : "False";
      return text.let(
          3,
          "torch.native_batch_norm_backward(%s, %s, %s, %s, %s, %s, %s, %s, [True, %s, %s])"
              .formatted(
                  cotangent.name(),
                  saved.get(0),
                  text.weight(norm.weight()),
                  statistics.ofBatch() ? "None, None" : statistics.runningIn(text, norm),
                  saved.get(1),
                  saved.get(2),
                  statistics.ofBatch() ? "True" : "False",
                  norm.epsilon(),
                  mask,
                  mask));
    }
  }

  /** A linear layer. */
  record LiteralLinear(String name, NDArray weight, NDArray bias) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      return Value.own(
          text.let(
              "torch.linear(%s, %s, %s)"
                  .formatted(x.name(), text.weight(weight), text.weight(bias))));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(
          text.let("torch.matmul(" + cotangent.name() + ", " + text.weight(weight) + ")"));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      String rows = "torch.t(" + cotangent.name() + ")";
      gradients.put(name + ".weight", text.let("torch.matmul(" + rows + ", " + saved.get(0) + ")"));
      gradients.put(
          name + ".bias", text.let("torch.sum(" + cotangent.name() + ", [0], False, dtype=None)"));
      return pullBack(text, cotangent, saved);
    }
  }
}
