package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedLinear;
import io.github.resnetensembles.djl.internal.DerivableLayers.OnRows;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralConvolution;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralLinear;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralNorm;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Layers with the network's own parameters, which have gradients.
 *
 * @param weights the arrays by tensor name
 * @param statistics what BatchNorm normalises with
 * @param drops whether scripts are given the factors of dropout, which is the identity otherwise
 * @param format the 16 bits that convolutions are computed in; empty for the arrays' precision
 */
record LiteralForm(
    Function<String, NDArray> weights,
    double epsilon,
    NormStatistics statistics,
    boolean drops,
    Optional<NarrowFormat> format)
    implements LayerForm {
  @Override
  public LayerChain chain(List<PlacedLayer> layers) {
    List<DerivableLayer> chain = new ArrayList<>();
    boolean rows = false;
    int dropouts = 0;
    Casts casts = new Casts(format, layers);
    for (int i = 0; i < layers.size(); i++) {
      casts.before(i, chain);
      PlacedLayer placed = layers.get(i);
      Layer layer = placed.layer();
      boolean takes = layer instanceof Layer.BatchNorm || DerivableLayers.takesRows(layer);
      DerivableLayer written =
          drops && layer instanceof Layer.Dropout
              ? new LiteralLayers.LiteralDropout("dropout" + dropouts++, rows)
              : layer(placed, rows);
      chain.add(rows && !takes ? new OnRows(placed, written) : written);
      rows |= DerivableLayers.givesRows(layer);
    }
    casts.before(layers.size(), chain);
    return new LayerChain(chain);
  }

  /**
   * One layer.
   *
   * @param rows whether its input is one row for each image, (N, C), no longer (N, C, H, W)
   */
  private DerivableLayer layer(PlacedLayer placed, boolean rows) {
    if (placed.layer() instanceof Layer.Convolution convolution) {
      NDArray bias = convolution.bias() ? array(placed, "bias") : null;
      return new LiteralConvolution(placed, array(placed, "weight"), bias, format);
    }
    if (placed.layer() instanceof Layer.BatchNorm) {
      return new LiteralNorm(Norm.of(placed, weights, epsilon), statistics, !rows);
    }
    if (placed.layer() instanceof Layer.Linear) {
      return new LiteralLinear(
          placed.name(), new FoldedLinear(array(placed, "weight"), array(placed, "bias")));
    }
    return DerivableLayers.of(placed, weights);
  }

  private NDArray array(PlacedLayer placed, String tensor) {
    return weights.apply(placed.tensor(tensor));
  }
}
