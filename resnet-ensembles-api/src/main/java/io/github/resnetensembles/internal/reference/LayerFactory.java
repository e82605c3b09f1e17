package io.github.resnetensembles.internal.reference;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Builds the operations of the layers that an architecture describes from its tensors. */
final class LayerFactory {
  private static final Operation RELU = (input, mode) -> Layers.relu(input);
  private static final Operation GLOBAL_AVERAGE = (input, mode) -> Layers.globalAverage(input);
  private static final Operation FLATTEN = (input, mode) -> Layers.flatten(input);

  /** What each kind of layer computes. */
  private static final ImmutableMap<Class<? extends Layer>, Maker> MAKERS =
      ImmutableMap.<Class<? extends Layer>, Maker>builder()
          .put(Layer.Convolution.class, LayerFactory::convolution)
          .put(Layer.BatchNorm.class, LayerFactory::norm)
          .put(Layer.Relu.class, (factory, placed) -> RELU)
          .put(Layer.MaxPool.class, (factory, p) -> new MaxPool((Layer.MaxPool) p.layer()))
          .put(Layer.GlobalAveragePool.class, (factory, placed) -> GLOBAL_AVERAGE)
          .put(Layer.Flatten.class, (factory, placed) -> FLATTEN)
          .put(Layer.Linear.class, LayerFactory::linear)
          .put(
              Layer.ZeroPadding.class,
              (factory, p) -> new ZeroPadding((Layer.ZeroPadding) p.layer()))
          .build();

  private final Architecture architecture;
  private final Map<String, double[]> tensors;

  LayerFactory(Architecture architecture, Map<String, double[]> tensors) {
    this.architecture = architecture;
    this.tensors = tensors;
  }

  private interface Maker {
    Operation make(LayerFactory factory, PlacedLayer placed);
  }

  Operation stem() {
    return chain(architecture.stemLayers());
  }

  Operation branch(Block block) {
    BlockLayers layers = block.layers();
    return chain(Iterables.concat(layers.lead(), layers.branch()));
  }

  Operation skip(Block block) {
    BlockLayers layers = block.layers();
    return chain(Iterables.concat(layers.lead(), layers.skip()));
  }

  Operation post(Block block) {
    return chain(block.layers().post());
  }

  Operation head() {
    return chain(architecture.headLayers());
  }

  private Operation chain(Iterable<PlacedLayer> layers) {
    return Operation.chain(
        StreamSupport.stream(layers.spliterator(), false).map(this::operation).toList());
  }

  private Operation operation(PlacedLayer placed) {
    Maker maker = MAKERS.get(placed.layer().getClass());
    if (maker == null) {
      throw new IllegalStateException("nothing computes " + placed.layer());
    }
    return maker.make(this, placed);
  }

  private Convolution convolution(PlacedLayer placed) {
    Layer.Convolution layer = (Layer.Convolution) placed.layer();
    return new Convolution(
        placed.name(),
        layer,
        tensor(placed, "weight"),
        layer.bias() ? tensor(placed, "bias") : null);
  }

  private BatchNorm norm(PlacedLayer placed) {
    return new BatchNorm(
        placed.name(),
        tensor(placed, "weight"),
        tensor(placed, "bias"),
        tensor(placed, "running_mean"),
        tensor(placed, "running_var"),
        architecture.batchNormEpsilon());
  }

  private Linear linear(PlacedLayer placed) {
    return new Linear(placed.name(), tensor(placed, "weight"), tensor(placed, "bias"));
  }

  private double[] tensor(PlacedLayer placed, String tensor) {
    String name = placed.tensor(tensor);
    double[] values = tensors.get(name);
    if (values == null) {
      throw new InvalidInputException(
          "the weights of " + architecture.name() + " have no tensor '" + name + "'");
    }
    return values;
  }
}
