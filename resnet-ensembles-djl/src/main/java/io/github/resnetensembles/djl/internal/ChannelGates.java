package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Layers that multiply each channel by a gate that sees the channels' means. */
final class ChannelGates {
  private ChannelGates() {}

  private static String means(ScriptText text, String x) {
    return text.let("torch.mean(" + x + ", [2, 3], False, dtype=None)");
  }

  /** One row for each image as factors of channels. */
  private static String factors(ScriptText text, PlacedLayer placed, String rows) {
    return text.let("torch.reshape(%s, [-1, %s, 1, 1])".formatted(rows, placed.input().channels()));
  }

  /** The cotangent at the gate: one row for each image. */
  private static String atGate(ScriptText text, String cotangent, String x) {
    return text.let(
        "torch.sum(torch.mul(%s, %s), [2, 3], False, dtype=None)".formatted(cotangent, x));
  }

  /** The sum of what goes by the channels and what goes by their means. */
  private static Value sum(
      ScriptText text, PlacedLayer placed, String cotangent, String gate, String atMeans) {
    int plane = placed.input().height() * placed.input().width();
    String each = "torch.div(" + factors(text, placed, atMeans) + ", " + plane + ")";
    return Value.own(
        text.let("torch.add_(torch.mul(%s, %s), %s)".formatted(cotangent, gate, each)));
  }

  private static String sumOfRows(ScriptText text, String rows) {
    return text.let("torch.sum(" + rows + ", [0], False, dtype=None)");
  }

  /**
   * Squeeze-and-excitation.
   *
   * @param weight1 (squeezed, channels, 1, 1)
   * @param weight2 (channels, squeezed, 1, 1)
   */
  record SqueezeExcitation(
      PlacedLayer placed, NDArray weight1, NDArray bias1, NDArray weight2, NDArray bias2)
      implements DerivableLayer {
    static SqueezeExcitation of(PlacedLayer placed, Function<String, NDArray> arrays) {
      return new SqueezeExcitation(
          placed,
          arrays.apply(placed.tensor("fc1.weight")),
          arrays.apply(placed.tensor("fc1.bias")),
          arrays.apply(placed.tensor("fc2.weight")),
          arrays.apply(placed.tensor("fc2.bias")));
    }

    private Layer.SqueezeExcitation layer() {
      return (Layer.SqueezeExcitation) placed.layer();
    }

    private Elementwise inner() {
      return Elementwise.of(layer().inner());
    }

    private Elementwise gate() {
      return Elementwise.of(layer().gate());
    }

    private String first(ScriptText text) {
      return "torch.reshape(%s, [%s, %s])"
          .formatted(text.weight(weight1), layer().squeezed(), placed.input().channels());
    }

    private String second(ScriptText text) {
      return "torch.reshape(%s, [%s, %s])"
          .formatted(text.weight(weight2), placed.input().channels(), layer().squeezed());
    }

    @Override
    public boolean nonNegative(boolean input) {
      return input && gate().nonNegative();
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String means = means(text, x.name());
      String hidden =
          text.let("torch.linear(%s, %s, %s)".formatted(means, first(text), text.weight(bias1)));
      String activated = inner().write(text, hidden);
      String raw =
          text.let(
              "torch.linear(%s, %s, %s)".formatted(activated, second(text), text.weight(bias2)));
      String gate = gate().write(text, raw);
      String factors = factors(text, placed, gate);
      saved.addAll(List.of(x.name(), means, hidden, activated, raw, gate, factors));
      return Value.own(text.let("torch.mul(%s, %s)".formatted(x.name(), factors)));
    }

    @Override
    public int savedCount() {
      return 7;
    }

    /** The cotangents before the gate's function and before the inner one. */
    private record Inside(String raw, String hidden) {}

    private Inside inside(ScriptText text, Value cotangent, List<String> saved) {
      String atGate = atGate(text, cotangent.name(), saved.get(0));
      String raw = gate().pull(text, atGate, saved.get(4), saved.get(5));
      String activated = text.let("torch.matmul(%s, %s)".formatted(raw, second(text)));
      return new Inside(raw, inner().pull(text, activated, saved.get(2), saved.get(3)));
    }

    private Value pullBack(ScriptText text, Value cotangent, List<String> saved, Inside inside) {
      String means = text.let("torch.matmul(%s, %s)".formatted(inside.hidden(), first(text)));
      return sum(text, placed, cotangent.name(), saved.get(6), means);
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return pullBack(text, cotangent, saved, inside(text, cotangent, saved));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      Inside inside = inside(text, cotangent, saved);
      int channels = placed.input().channels();
      int squeezed = layer().squeezed();
      gradients.put(
          placed.tensor("fc1.weight"),
          atWeight(text, inside.hidden(), saved.get(1), squeezed, channels));
      gradients.put(placed.tensor("fc1.bias"), sumOfRows(text, inside.hidden()));
      gradients.put(
          placed.tensor("fc2.weight"),
          atWeight(text, inside.raw(), saved.get(3), channels, squeezed));
      gradients.put(placed.tensor("fc2.bias"), sumOfRows(text, inside.raw()));
      return pullBack(text, cotangent, saved, inside);
    }

    private static String atWeight(
        ScriptText text, String cotangent, String rows, int outputs, int inputs) {
      return text.let(
          "torch.reshape(torch.matmul(torch.t(%s), %s), [%s, %s, 1, 1])"
              .formatted(cotangent, rows, outputs, inputs));
    }
  }

  /**
   * Efficient channel attention.
   *
   * @param weight (1, 1, kernel)
   */
  record Attention(PlacedLayer placed, NDArray weight) implements DerivableLayer {
    private static final Elementwise GATE = Elementwise.of(Layer.Function.SIGMOID);

    static Attention of(PlacedLayer placed, Function<String, NDArray> arrays) {
      return new Attention(placed, arrays.apply(placed.tensor("conv.weight")));
    }

    private int kernel() {
      return ((Layer.ChannelAttention) placed.layer()).kernel();
    }

    /** The neighbours of each channel: (N, C, kernel). */
    private String neighbours(ScriptText text, String rows) {
      int half = kernel() / 2;
      return text.let(
          "torch.unfold(torch.constant_pad_nd(%s, [%s, %s], 0.), 1, %s, 1)"
              .formatted(rows, half, half, kernel()));
    }

    private String taps(ScriptText text) {
      return "torch.reshape(" + text.weight(weight) + ", [-1])";
    }

    @Override
    public boolean nonNegative(boolean input) {
      return input;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String neighbours = neighbours(text, means(text, x.name()));
      String raw = text.let("torch.matmul(%s, %s)".formatted(neighbours, taps(text)));
      String gate = GATE.write(text, raw);
      String factors = factors(text, placed, gate);
      saved.addAll(List.of(x.name(), neighbours, raw, gate, factors));
      return Value.own(text.let("torch.mul(%s, %s)".formatted(x.name(), factors)));
    }

    @Override
    public int savedCount() {
      return 5;
    }

    private String atRaw(ScriptText text, Value cotangent, List<String> saved) {
      String atGate = atGate(text, cotangent.name(), saved.get(0));
      return GATE.pull(text, atGate, saved.get(2), saved.get(3));
    }

    private Value pullBack(ScriptText text, Value cotangent, List<String> saved, String raw) {
      String means =
          text.let(
              "torch.matmul(%s, torch.flip(%s, [0]))".formatted(neighbours(text, raw), taps(text)));
      return sum(text, placed, cotangent.name(), saved.get(4), means);
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return pullBack(text, cotangent, saved, atRaw(text, cotangent, saved));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      String raw = atRaw(text, cotangent, saved);
      gradients.put(
          placed.tensor("conv.weight"),
          text.let(
              "torch.reshape(torch.sum(torch.mul(%s, torch.unsqueeze(%s, 2)), [0, 1], False, dtype=None), [1, 1, %s])"
                  .formatted(saved.get(1), raw, kernel())));
      return pullBack(text, cotangent, saved, raw);
    }
  }
}
