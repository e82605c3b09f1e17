package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.BatchNormMode;
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
import org.jspecify.annotations.Nullable;

/**
 * Layers with the network's own parameters, which have gradients, and with either statistics.
 *
 * @param momentum the share of the batch by which running forward moves the running statistics; 0
 *     leaves them alone
 */
record LiteralForm(PlainWeights weights, double epsilon, BatchNormMode mode, double momentum)
    implements LayerForm {
  @Override
  public List<DerivableLayer> convolution(
      Convolution convolution, FeatureShape input, @Nullable Norm before) {
    List<DerivableLayer> layers = new ArrayList<>();
    layers.add(
        new LiteralConvolution(
            convolution.name(),
            weights.array(convolution.name() + ".weight"),
            convolution.stride(),
            convolution.padding()));
    if (convolution.normName() != null) {
      layers.add(norm(convolution.normName()));
    }
    if (convolution.relu()) {
      layers.add(new Relu());
    }
    return layers;
  }

  @Override
  public DerivableLayer norm(Norm norm) {
    return norm(norm.name());
  }

  @Override
  public DerivableLayer normBeforeConvolution(Norm norm) {
    return norm(norm.name());
  }

  @Override
  public List<DerivableLayer> linear(Linear linear) {
    List<DerivableLayer> layers = new ArrayList<>();
    layers.add(
        new LiteralLinear(
            linear.name(),
            weights.array(linear.name() + ".weight"),
            weights.array(linear.name() + ".bias")));
    if (linear.normName() != null) {
      layers.add(norm(linear.normName()));
      layers.add(new Relu());
    }
    return layers;
  }

  private DerivableLayer norm(String name) {
    Norm norm =
        new Norm(
            name,
            weights.array(name + ".weight"),
            weights.array(name + ".bias"),
            weights.array(name + ".running_mean"),
            weights.array(name + ".running_var"),
            epsilon);
    return new LiteralNorm(norm, mode == BatchNormMode.TRAIN, momentum);
  }
}
