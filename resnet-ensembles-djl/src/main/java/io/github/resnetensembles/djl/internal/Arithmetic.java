package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.List;

/** Sums and inner products of activations. */
final class Arithmetic {
  /** The engine's number for float64. */
  private static final int FLOAT64 = 7;

  private final Scripts.Call<NDArray> dots;
  private final Scripts.Call<NDArray> sum;

  Arithmetic(Scripts scripts) {
    this.dots = dots(scripts);
    this.sum = sum(scripts);
  }

  private static Scripts.Call<NDArray> dots(Scripts scripts) {
    ScriptText text = new ScriptText();
    String a = text.argument("a");
    String b = text.argument("b");
    // In float32 the squares of small gradients would vanish.
    String wide = text.let("torch.to(" + a + ", " + FLOAT64 + ")");
    String products = text.let("torch.mul(" + wide + ", " + b + ")");
    return scripts.call(text, "torch.sum(" + products + ", [1, 2, 3], False, dtype=None)");
  }

  private static Scripts.Call<NDArray> sum(Scripts scripts) {
    ScriptText text = new ScriptText();
    String terms = text.argument("terms", ScriptType.TENSORS);
    String weights = text.argument("weights", ScriptType.NUMBERS);
    String sum = text.let("torch.mul(" + terms + "[0], " + weights + "[0])");
    text.under(
        "for i in range(1, torch.len(" + terms + ")):",
        () -> text.statement("torch.add_(%s, %s[i], alpha=%s[i])".formatted(sum, terms, weights)));
    return scripts.call(text, sum);
  }

  double[] dots(NDArray a, NDArray b) {
    return Tensors.readDoubles(dots.run(a, b));
  }

  NDArray sum(List<NDArray> terms, double[] weights) {
    return sum.run(List.of(Argument.of(terms), Argument.of(weights)));
  }
}
