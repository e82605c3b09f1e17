package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.spi.Network;
import java.util.List;

/** Sums, inner products and gathered images of activations. */
final class Arithmetic {
  /** The engine's number for float64. */
  private static final int FLOAT64 = 7;

  private final Scripts.Call<NDArray> dots;
  private final Scripts.Call<NDArray> sum;
  private final Scripts.Call<NDArray> gather;

  Arithmetic(Scripts scripts) {
    this.dots = dots(scripts);
    this.sum = sum(scripts);
    this.gather = gather(scripts);
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

  /** Slices are views; what they are joined to is memory of its own. */
  private static Scripts.Call<NDArray> gather(Scripts scripts) {
    ScriptText text = new ScriptText();
    String given = text.argument("given", ScriptType.TENSORS);
    String from = text.argument("first", ScriptType.INTEGERS);
    String end = text.argument("end", ScriptType.INTEGERS);
    String parts = text.emptyList();
    text.under(
        "for i in range(torch.len(" + given + ")):",
        () -> {
          String part =
              text.let("torch.slice(%s[i], 0, %s[i], %s[i], 1)".formatted(given, from, end));
          text.let("torch.append(" + parts + ", " + part + ")");
        });
    return scripts.call(text, "torch.cat(" + parts + ", 0)");
  }

  double[] dots(NDArray a, NDArray b) {
    return Tensors.readDoubles(dots.run(a, b));
  }

  NDArray gather(List<NDArray> arrays, List<Network.Part> parts) {
    return gather.run(
        List.of(
            Argument.of(arrays),
            Argument.of(parts.stream().mapToLong(Network.Part::from).toArray()),
            Argument.of(parts.stream().mapToLong(part -> part.from() + part.count()).toArray())));
  }

  NDArray sum(List<NDArray> terms, double[] weights) {
    return sum.run(List.of(Argument.of(terms), Argument.of(weights)));
  }
}
