package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Norms with the statistics of an image's own values, and layer scale. */
final class OwnNorms {
  private OwnNorms() {}

  /** Each channel times a parameter. */
  record Scale(PlacedLayer placed, NDArray weight) implements DerivableLayer {
    private String factors(ScriptText text) {
      return "torch.reshape(" + text.weight(weight) + ", [-1, 1, 1])";
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      saved.add(x.name());
      return Value.own(text.let("torch.mul(%s, %s)".formatted(x.name(), factors(text))));
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(text.let("torch.mul(%s, %s)".formatted(cotangent.name(), factors(text))));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      gradients.put(
          placed.tensor("weight"),
          text.let(
              "torch.sum(torch.mul(%s, %s), [0, 2, 3], False, dtype=None)"
                  .formatted(cotangent.name(), saved.get(0))));
      return pullBack(text, cotangent, saved);
    }
  }

  /** What the engine's backward calls have in common: three saved values, two parameters. */
  interface Norm extends DerivableLayer {
    PlacedLayer placed();

    /**
     * Writes the gradients at the input, at the weight and at the bias, the latter two if asked.
     */
    List<String> backward(ScriptText text, String cotangent, List<String> saved, String asked);

    /** Brings the gradient at the input into the input's shape. */
    Value atInput(ScriptText text, String gradient);

    @Override
    default int savedCount() {
      return 3;
    }

    @Override
    default Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return atInput(text, backward(text, cotangent.name(), saved, "False").get(0));
    }

    @Override
    default Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      List<String> all = backward(text, cotangent.name(), saved, "True");
      gradients.put(placed().tensor("weight"), all.get(1));
      gradients.put(placed().tensor("bias"), all.get(2));
      return atInput(text, all.get(0));
    }
  }

  /** GroupNorm. */
  record Group(PlacedLayer placed, NDArray weight, NDArray bias) implements Norm {
    static Group of(PlacedLayer placed, Function<String, NDArray> arrays) {
      return new Group(
          placed, arrays.apply(placed.tensor("weight")), arrays.apply(placed.tensor("bias")));
    }

    private String sizes(String x) {
      int plane = placed.input().height() * placed.input().width();
      return "torch.size(%s, 0), %s, %s, %s"
          .formatted(
              x, placed.input().channels(), plane, ((Layer.GroupNorm) placed.layer()).groups());
    }

    /** As the engine's calls want it: on GPUs channels do not lie last. */
    private String arranged(ScriptText text, String x) {
      return text.let(
          weight.getDevice().isGpu()
              ? "torch.contiguous(" + x + ", memory_format=0)"
              : Layers.channelsLast(x));
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String arranged = arranged(text, x.name());
      List<String> all =
          text.let(
              3,
              "torch.native_group_norm(%s, %s, %s, %s, %s)"
                  .formatted(
                      arranged,
                      text.weight(weight),
                      text.weight(bias),
                      sizes(arranged),
                      ((Layer.GroupNorm) placed.layer()).epsilon()));
      saved.addAll(List.of(arranged, all.get(1), all.get(2)));
      return Value.own(all.get(0));
    }

    @Override
    public List<String> backward(
        ScriptText text, String cotangent, List<String> saved, String asked) {
      return text.let(
          3,
          "torch.native_group_norm_backward(%s, %s, %s, %s, %s, %s, [True, %s, %s])"
              .formatted(
                  arranged(text, cotangent),
                  saved.get(0),
                  saved.get(1),
                  saved.get(2),
                  text.weight(weight),
                  sizes(saved.get(0)),
                  asked,
                  asked));
    }

    @Override
    public Value atInput(ScriptText text, String gradient) {
      return Value.own(gradient);
    }
  }

  /** LayerNorm over the channels of each pixel, or of each row. */
  record Channels(PlacedLayer placed, NDArray weight, NDArray bias) implements Norm {
    static Channels of(PlacedLayer placed, Function<String, NDArray> arrays) {
      return new Channels(
          placed, arrays.apply(placed.tensor("weight")), arrays.apply(placed.tensor("bias")));
    }

    private String size() {
      return "[" + placed.input().channels() + "]";
    }

    /** The channels as the last axis, as they lie in memory. */
    private static String last(ScriptText text, String x) {
      return text.let("torch.contiguous(torch.movedim(" + x + ", 1, -1))");
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String pixels = last(text, x.name());
      List<String> all =
          text.let(
              3,
              "torch.native_layer_norm(%s, %s, %s, %s, %s)"
                  .formatted(
                      pixels,
                      size(),
                      text.weight(weight),
                      text.weight(bias),
                      ((Layer.LayerNorm) placed.layer()).epsilon()));
      saved.addAll(List.of(pixels, all.get(1), all.get(2)));
      return atInput(text, all.get(0));
    }

    @Override
    public List<String> backward(
        ScriptText text, String cotangent, List<String> saved, String asked) {
      return text.let(
          3,
          "torch.native_layer_norm_backward(%s, %s, %s, %s, %s, %s, %s, [True, %s, %s])"
              .formatted(
                  last(text, cotangent),
                  saved.get(0),
                  size(),
                  saved.get(1),
                  saved.get(2),
                  text.weight(weight),
                  text.weight(bias),
                  asked,
                  asked));
    }

    @Override
    public Value atInput(ScriptText text, String gradient) {
      return Value.own(text.let("torch.movedim(" + gradient + ", -1, 1)"));
    }
  }
}
