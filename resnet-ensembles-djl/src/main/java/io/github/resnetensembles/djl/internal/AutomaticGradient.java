package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.List;

/** The engine's automatic differentiation as a function, which leaves no trace in its inputs. */
final class AutomaticGradient {
  private final Scripts.Call<List<NDArray>> call;

  AutomaticGradient(Scripts scripts) {
    ScriptText text = new ScriptText();
    String y = text.argument("y");
    String x = text.argument("x", ScriptType.TENSORS);
    String v = text.argument("v");
    String cotangents = text.let("annotate(List[Optional[Tensor]], [" + v + "])");
    String keepGraphAllowUnused = "True, False, True";
    String gradients =
        text.let("torch.grad([%s], %s, %s, %s)".formatted(y, x, cotangents, keepGraphAllowUnused));
    String results = text.emptyList();
    text.under(
        "for i in range(torch.len(" + x + ")):",
        () -> {
          String gradient = text.let(gradients + "[i]");
          text.under(
              "if " + gradient + " is None:",
              () -> text.let("torch.append(" + results + ", torch.zeros_like(" + x + "[i]))"));
          text.under("else:", () -> text.let("torch.append(" + results + ", " + gradient + ")"));
        });
    this.call = scripts.listCall(text, results);
  }

  /**
   * {@return v times the Jacobian of y with respect to each x; zeros where y does not depend on it}
   */
  List<NDArray> of(NDArray y, List<NDArray> x, NDArray v) {
    return call.run(List.of(Argument.of(y), Argument.of(x), Argument.of(v)));
  }
}
