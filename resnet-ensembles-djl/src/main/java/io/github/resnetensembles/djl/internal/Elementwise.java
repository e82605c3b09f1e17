package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.network.Layer;
import java.util.List;

/**
 * A function of each value, as the engine computes and differentiates it.
 *
 * @param forward the call, with %s for the input
 * @param backward the call, with %1$s for the cotangent and %2$s for what was saved
 * @param savesOutput whether the derivative is one of the output, not of the input
 * @param nonNegative whether no output is negative
 */
record Elementwise(String forward, String backward, boolean savesOutput, boolean nonNegative)
    implements DerivableLayer {
  static Elementwise of(Layer.Function function) {
    return switch (function) {
      case RELU ->
          new Elementwise("torch.relu(%s)", "torch.threshold_backward(%1$s, %2$s, 0)", true, true);
      case RELU6 ->
          new Elementwise(
              "torch.hardtanh(%s, 0., 6.)",
              "torch.hardtanh_backward(%1$s, %2$s, 0., 6.)", false, true);
      case SILU -> ofInput("torch.silu(%s)", "torch.silu_backward(%1$s, %2$s)");
      case GELU -> gelu("none");
      case GELU_TANH -> gelu("tanh");
      case HARD_SWISH -> ofInput("torch.hardswish(%s)", "torch.hardswish_backward(%1$s, %2$s)");
      case HARD_SIGMOID ->
          // The engine's own derivative is 1/6 in single precision, also in double.
          new Elementwise(
              "torch.hardsigmoid(%s)",
              "torch.div(torch.hardtanh_backward(%1$s, %2$s, -3., 3.), 6.)", false, true);
      case SIGMOID ->
          new Elementwise("torch.sigmoid(%s)", "torch.sigmoid_backward(%1$s, %2$s)", true, true);
    };
  }

  static Elementwise leaky(double slope) {
    return ofInput(
        "torch.leaky_relu(%s, " + slope + ")",
        "torch.leaky_relu_backward(%1$s, %2$s, " + slope + ", False)");
  }

  private static Elementwise gelu(String approximate) {
    String setting = ", approximate=\"" + approximate + "\")";
    return ofInput("torch.gelu(%s" + setting, "torch.gelu_backward(%1$s, %2$s" + setting);
  }

  private static Elementwise ofInput(String forward, String backward) {
    return new Elementwise(forward, backward, false, false);
  }

  /** Writes the function of a value. */
  String write(ScriptText text, String x) {
    return text.let(forward.formatted(x));
  }

  /** Writes what a cotangent at the function's output is at its input. */
  String pull(ScriptText text, String cotangent, String x, String y) {
    return text.let(backward.formatted(cotangent, savesOutput ? y : x));
  }

  @Override
  public boolean nonNegative(boolean input) {
    return nonNegative;
  }

  @Override
  public Value forward(ScriptText text, Value x, List<String> saved) {
    String y = write(text, x.name());
    saved.add(savesOutput ? y : x.name());
    return new Value(y, !savesOutput);
  }

  @Override
  public int savedCount() {
    return 1;
  }

  @Override
  public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
    return Value.own(pull(text, cotangent.name(), saved.get(0), saved.get(0)));
  }
}
