package io.github.resnetensembles.internal.reference;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Builds the operations of the layers that an architecture describes from its tensors. */
final class LayerFactory {
  /** What each kind of layer computes. */
  private static final ImmutableMap<Class<? extends Layer>, Maker> MAKERS =
      ImmutableMap.<Class<? extends Layer>, Maker>builder()
          .put(Layer.Convolution.class, LayerFactory::convolution)
          .put(Layer.BatchNorm.class, LayerFactory::norm)
          .put(Layer.Relu.class, (factory, placed) -> (x, mode) -> Layers.relu(x))
          .put(Layer.ActivationFunction.class, LayerFactory::activation)
          .put(Layer.LeakyRelu.class, LayerFactory::leakyRelu)
          .put(Layer.SqueezeExcitation.class, LayerFactory::squeezeExcitation)
          .put(Layer.ChannelAttention.class, LayerFactory::channelAttention)
          .put(Layer.LayerScale.class, LayerFactory::layerScale)
          .put(Layer.GroupNorm.class, LayerFactory::groupNorm)
          .put(Layer.LayerNorm.class, LayerFactory::layerNorm)
          .put(Layer.MaxPool.class, LayerFactory::maxPool)
          .put(Layer.AveragePool.class, LayerFactory::averagePool)
          .put(Layer.BlurPool.class, LayerFactory::blurPool)
          .put(
              Layer.GlobalAveragePool.class,
              (factory, placed) -> (x, mode) -> Layers.globalAverage(x))
          .put(Layer.GlobalMaxPool.class, (factory, placed) -> (x, mode) -> Layers.globalMaximum(x))
          .put(
              Layer.Tokens.class,
              (factory, placed) -> (x, mode) -> Layers.reshaped(x, placed.output()))
          .put(Layer.ClassToken.class, LayerFactory::classToken)
          .put(Layer.PositionEmbedding.class, LayerFactory::positionEmbedding)
          .put(Layer.SelfAttention.class, LayerFactory::selfAttention)
          .put(Layer.TokenSelection.class, LayerFactory::tokenSelection)
          .put(
              Layer.FirstChannels.class,
              (factory, placed) -> (x, mode) -> Layers.firstChannels(x, placed.output()))
          .put(Layer.Flatten.class, (factory, placed) -> (x, mode) -> Layers.flatten(x))
          .put(
              Layer.Dropout.class,
              (factory, placed) -> (x, mode) -> Layers.reshaped(x, placed.output()))
          .put(Layer.Linear.class, LayerFactory::linear)
          .put(Layer.ZeroPadding.class, LayerFactory::zeroPadding)
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

  NetworkLayers network() {
    return new NetworkLayers(
        chain(architecture.stemLayers()),
        architecture.blocks().stream().map(block -> block(block.layers())).toList(),
        chain(architecture.headLayers()));
  }

  /** The head with what its dropout layers multiply by, if there is anything. */
  Operation head(double[][] dropout) {
    Iterator<double[]> factors = Arrays.asList(dropout).iterator();
    return Operation.chain(
        architecture.headLayers().stream()
            .map(
                placed ->
                    placed.layer() instanceof Layer.Dropout && factors.hasNext()
                        ? multiplied(factors.next().clone())
                        : operation(placed))
            .toList());
  }

  private static Operation multiplied(double[] factors) {
    return (x, mode) ->
        LayerTrace.of(
            x.like(i -> factors[i] * x.values()[i]), v -> v.like(i -> factors[i] * v.values()[i]));
  }

  private StepLayers block(BlockLayers layers) {
    return new StepLayers(
        chain(Iterables.concat(layers.lead(), layers.skip())),
        chain(Iterables.concat(layers.lead(), layers.branch())),
        chain(layers.post()));
  }

  /** What a network computes, part by part. */
  record NetworkLayers(Operation stem, List<StepLayers> blocks, Operation head) {
    StepLayers block(int number) {
      return blocks.get(number - 1);
    }
  }

  /** The three functions of a block: y = post(skip(x) + branch(x)). */
  record StepLayers(Operation skip, Operation branch, Operation post) {}

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
        ((Layer.BatchNorm) placed.layer()).epsilon().orElse(architecture.batchNormEpsilon()));
  }

  private Operation activation(PlacedLayer placed) {
    return function(((Layer.ActivationFunction) placed.layer()).function());
  }

  private static Operation function(Layer.Function function) {
    return (x, mode) ->
        Elementwise.of(x, function::at, value -> Elementwise.derivative(function, value));
  }

  private Operation squeezeExcitation(PlacedLayer placed) {
    Layer.SqueezeExcitation layer = (Layer.SqueezeExcitation) placed.layer();
    return new ChannelGate(
        Operation.chain(
            List.of(
                (x, mode) -> Layers.globalAverage(x),
                linear(placed, "fc1"),
                function(layer.inner()),
                linear(placed, "fc2"),
                function(layer.gate()))));
  }

  private Linear linear(PlacedLayer placed, String part) {
    return new Linear(
        placed.tensor(part), tensor(placed, part + ".weight"), tensor(placed, part + ".bias"));
  }

  private Operation channelAttention(PlacedLayer placed) {
    return new ChannelGate(
        Operation.chain(
            List.of(
                (x, mode) -> Layers.globalAverage(x),
                new ChannelConvolution(placed.tensor("conv.weight"), tensor(placed, "conv.weight")),
                function(Layer.Function.SIGMOID))));
  }

  private Operation layerScale(PlacedLayer placed) {
    return new LayerScale(placed.tensor("weight"), tensor(placed, "weight"));
  }

  private Operation classToken(PlacedLayer placed) {
    return TokenLayers.prepended(placed.tensor("weight"), tensor(placed, "weight"));
  }

  private Operation positionEmbedding(PlacedLayer placed) {
    return TokenLayers.added(placed.tensor("weight"), tensor(placed, "weight"));
  }

  private Operation tokenSelection(PlacedLayer placed) {
    return TokenLayers.selected((Layer.TokenSelection) placed.layer());
  }

  private Operation selfAttention(PlacedLayer placed) {
    Layer.SelfAttention layer = (Layer.SelfAttention) placed.layer();
    return new SelfAttention(
        placed.name(),
        layer.heads(),
        tensor(placed, "qkv.weight"),
        layer.bias() ? tensor(placed, "qkv.bias") : null,
        tensor(placed, "proj.weight"),
        tensor(placed, "proj.bias"));
  }

  private Operation groupNorm(PlacedLayer placed) {
    Layer.GroupNorm layer = (Layer.GroupNorm) placed.layer();
    int size = placed.input().size() / layer.groups();
    return new OwnNorm(
        placed.name(),
        tensor(placed, "weight"),
        tensor(placed, "bias"),
        layer.epsilon(),
        i -> i / size);
  }

  private Operation layerNorm(PlacedLayer placed) {
    int image = placed.input().size();
    int plane = placed.input().height() * placed.input().width();
    return new OwnNorm(
        placed.name(),
        tensor(placed, "weight"),
        tensor(placed, "bias"),
        ((Layer.LayerNorm) placed.layer()).epsilon(),
        i -> i / image * plane + i % plane);
  }

  private Operation leakyRelu(PlacedLayer placed) {
    double slope = ((Layer.LeakyRelu) placed.layer()).slope();
    return (x, mode) ->
        Elementwise.of(
            x, value -> value <= 0 ? slope * value : value, value -> value <= 0 ? slope : 1);
  }

  private Operation averagePool(PlacedLayer placed) {
    return (x, mode) ->
        PlaneMap.average((Layer.AveragePool) placed.layer(), placed.input()).apply(x);
  }

  private Operation blurPool(PlacedLayer placed) {
    return (x, mode) -> PlaneMap.blur((Layer.BlurPool) placed.layer(), placed.input()).apply(x);
  }

  private Linear linear(PlacedLayer placed) {
    return new Linear(placed.name(), tensor(placed, "weight"), tensor(placed, "bias"));
  }

  private Operation maxPool(PlacedLayer placed) {
    return (x, mode) -> Layers.maxPool(x, (Layer.MaxPool) placed.layer());
  }

  private Operation zeroPadding(PlacedLayer placed) {
    return (x, mode) -> Layers.zeroPadding(x, (Layer.ZeroPadding) placed.layer());
  }

  private double[] tensor(PlacedLayer placed, String tensor) {
    String name = placed.tensor(tensor);
    double[] values = tensors.get(name);
    if (values == null) {
      throw new InvalidInputException(
          "the weights of " + architecture.name() + " lack the tensor " + name);
    }
    return values;
  }
}
