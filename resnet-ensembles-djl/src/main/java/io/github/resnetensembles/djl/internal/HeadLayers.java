package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.Flatten;
import io.github.resnetensembles.djl.internal.DerivableLayers.MeanPool;
import io.github.resnetensembles.djl.internal.DerivableLayers.Relu;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.network.HeadSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a head.
 *
 * @param norm what BatchNorm and ReLU begin with, or null
 */
record HeadLayers(
    HeadSpec.Kind kind, FeatureShape input, @Nullable Norm norm, List<Linear> linears) {
  LayerChain chain(LayerForm form) {
    List<DerivableLayer> chain = new ArrayList<>();
    if (norm != null) {
      chain.add(form.norm(norm));
      chain.add(new Relu());
    }
    chain.add(kind == HeadSpec.Kind.HIDDEN_LINEAR ? new Flatten(input) : new MeanPool(input));
    linears.forEach(linear -> chain.addAll(form.linear(linear)));
    return new LayerChain(chain);
  }
}
