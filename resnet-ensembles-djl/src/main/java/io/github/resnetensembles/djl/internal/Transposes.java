package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Arrays that only derivatives need, made from a layer's weights when first needed. */
final class Transposes {
  private final Tensors parameters;
  private final Scripts scripts;

  Transposes(Tensors parameters, Scripts scripts) {
    this.parameters = parameters;
    this.scripts = scripts;
  }

  /**
   * The kernel of a convolution's transpose; at stride 1, and if it is 1x1, that of the convolution
   * that is the transpose.
   *
   * @param weight gives the convolution's own, (out, in / groups, k, k)
   * @param before what a BatchNorm before the convolution multiplies each channel by, (C, 1, 1), if
   *     the transpose takes that over; or null
   */
  Supplier<NDArray> kernel(
      Layer.Convolution layer,
      FeatureShape input,
      Supplier<NDArray> weight,
      @Nullable NDArray before) {
    boolean turned = Layers.turns(layer);
    if (before == null && !turned) {
      return Suppliers.memoize(() -> parameters.keep(weight.get()));
    }
    return Suppliers.memoize(
        () -> {
          ScriptText text = new ScriptText();
          String kernel = text.argument("x");
          if (before != null) {
            kernel = text.let("torch.mul(" + kernel + ", " + text.weight(before) + ")");
          }
          if (turned) {
            kernel = text.let(Layers.turned(kernel, layer, input));
          }
          Scripts.Call<NDArray> call = scripts.call(text, Layers.channelsLast(kernel));
          return parameters.keep(call.run(weight.get()));
        });
  }
}
