package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.FixedNorm;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedConvolution;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedLinear;
import io.github.resnetensembles.djl.internal.DerivableLayers.Relu;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Layers with BatchNorm folded in: the fastest Jacobians, without gradients of parameters. */
record FoldedForm(Transposes transposes) implements LayerForm {
  @Override
  public List<DerivableLayer> convolution(
      Convolution convolution, FeatureShape input, @Nullable Norm before) {
    List<DerivableLayer> layers = new ArrayList<>();
    layers.add(new FoldedConvolution(convolution, input, transposes.kernel(convolution, before)));
    if (convolution.norm() != null) {
      layers.add(norm(convolution.norm()));
    }
    if (convolution.relu()) {
      layers.add(new Relu());
    }
    return layers;
  }

  @Override
  public DerivableLayer norm(Norm norm) {
    return new FixedNorm(norm, transposes.scale(norm));
  }

  @Override
  public DerivableLayer normBeforeConvolution(Norm norm) {
    return new FixedNorm(norm, null);
  }

  @Override
  public List<DerivableLayer> linear(Linear linear) {
    FoldedLinear layer = new FoldedLinear(linear);
    return linear.normName() == null ? List.of(layer) : List.of(layer, new Relu());
  }
}
