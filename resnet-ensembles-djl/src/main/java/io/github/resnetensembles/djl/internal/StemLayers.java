package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.Arrange;
import io.github.resnetensembles.djl.internal.DerivableLayers.MaxPool;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layers of a stem. */
record StemLayers(FeatureShape input, Convolution convolution, @Nullable MaxPool pool) {
  LayerChain chain(LayerForm form) {
    List<DerivableLayer> chain = new ArrayList<>();
    chain.add(new Arrange());
    chain.addAll(form.convolution(convolution, input, null));
    if (pool != null) {
      chain.add(pool);
    }
    return new LayerChain(chain);
  }
}
