package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.Relu;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralConvolution;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralLinear;
import io.github.resnetensembles.djl.internal.LiteralLayers.LiteralNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Layers with the network's own parameters, which have gradients.
 *
 * @param weights the arrays by tensor name
 * @param statistics what BatchNorm normalises with
 */
record LiteralForm(Function<String, NDArray> weights, double epsilon, NormStatistics statistics)
    implements LayerForm {
  @Override
  public List<DerivableLayer> convolution(
      Convolution convolution, FeatureShape input, @Nullable Norm before) {
    List<DerivableLayer> layers = new ArrayList<>();
    layers.add(
        new LiteralConvolution(
            convolution.name(),
            weights.apply(convolution.name() + ".weight"),
            convolution.stride(),
            convolution.padding(),
            input));
    if (convolution.normName() != null) {
      layers.add(norm(convolution.normName(), true));
    }
    if (convolution.relu()) {
      layers.add(new Relu());
    }
    return layers;
  }

  @Override
  public DerivableLayer norm(Norm norm) {
    return norm(norm.name(), true);
  }

  @Override
  public DerivableLayer normBeforeConvolution(Norm norm) {
    return norm(norm.name(), true);
  }

  @Override
  public List<DerivableLayer> linear(Linear linear) {
    List<DerivableLayer> layers = new ArrayList<>();
    layers.add(
        new LiteralLinear(
            linear.name(),
            weights.apply(linear.name() + ".weight"),
            weights.apply(linear.name() + ".bias")));
    if (linear.normName() != null) {
      layers.add(norm(linear.normName(), false));
      layers.add(new Relu());
    }
    return layers;
  }

  private DerivableLayer norm(String name, boolean ofPixels) {
    Norm norm =
        new Norm(
            name,
            weights.apply(name + ".weight"),
            weights.apply(name + ".bias"),
            weights.apply(name + ".running_mean"),
            weights.apply(name + ".running_var"),
            epsilon);
    return new LiteralNorm(norm, statistics, ofPixels);
  }
}
