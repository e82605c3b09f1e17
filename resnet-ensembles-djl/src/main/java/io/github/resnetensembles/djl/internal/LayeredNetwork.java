package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.weights.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A network of layers this library knows: one script call for each step. */
final class LayeredNetwork extends EngineNetwork {
  private final Weights weights;
  private final LayerLoader.Loaded layers;
  private final PlainForward plain;
  private final Scripts scripts;
  private final Supplier<Derivatives> derivatives;

  private LayeredNetwork(
      Weights weights,
      NetworkInfo info,
      int workers,
      Gate gate,
      Tensors tensors,
      LayerLoader.Loaded layers,
      Tensors parameters,
      Scripts scripts,
      PlainWeights plainWeights) {
    super(weights.architecture(), info, workers, gate, tensors, scripts);
    this.weights = weights;
    this.layers = layers;
    this.scripts = scripts;
    this.plain = new PlainForward(weights.architecture(), plainWeights);
    this.derivatives =
        () ->
            new LayeredDerivatives(
                architecture(), layers.layers(), parameters, plainWeights, scripts);
  }

  static LayeredNetwork open(Weights weights, ModelOptions options) {
    TorchEngine torch = TorchEngine.load();
    Device device = torch.device(options.device());
    return open(torch, weights, options, device, Threads.of(device, options.effectiveThreads()));
  }

  static LayeredNetwork open(
      TorchEngine torch, Weights weights, ModelOptions options, Device device, Threads threads) {
    Architecture architecture = weights.architecture();
    NetworkInfo info =
        new NetworkInfo(
            DjlBackend.NAME,
            torch.description(),
            TorchEngine.nameOf(device),
            options.precision(),
            weights.sha256(),
            weights.trained());
    Tensors activations = new Tensors(torch.engine(), device, options.precision());
    Tensors parameters = new Tensors(torch.engine(), device, options.precision());
    Scripts scripts = new Scripts(parameters.manager(), activations.manager());
    PlainWeights plainWeights = new PlainWeights(weights, parameters);
    Gate gate =
        new Gate(
            architecture.name(),
            threads.perCall(),
            () -> {
              activations.close();
              scripts.close();
              parameters.close();
            });
    try {
      LayerLoader.Loaded layers =
          gate.call(() -> new LayerLoader(weights, parameters, activations, scripts).load());
      return new LayeredNetwork(
          weights,
          info,
          threads.workers(),
          gate,
          activations,
          layers,
          parameters,
          scripts,
          plainWeights);
    } catch (RuntimeException | Error e) {
      gate.close();
      throw e;
    }
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  Map<String, Integer> trainable() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture().parameters()) {
      if (parameter.role().trainable()) {
        sizes.put(parameter.name(), Math.toIntExact(parameter.count()));
      }
    }
    return sizes;
  }

  @Override
  Derivatives derivatives() {
    return derivatives.get();
  }

  @Override
  Output runStem(NDArray pixels) {
    return new Output(layers.stem().run(pixels), layers.stemNonNegative());
  }

  @Override
  Output runStep(
      int block, double skipGain, double branchGain, Input input, @Nullable NDArray given) {
    return layered(block).step(skipGain, branchGain, input, given);
  }

  @Override
  Output runBranch(int block, Input input) {
    return layered(block).branch(input);
  }

  @Override
  Output runSkip(int block, Input input) {
    return layered(block).skip(input);
  }

  @Override
  Output runPost(int block, Input sum) {
    return layered(block).post(sum);
  }

  @Override
  NDArray runHead(NDArray input) {
    return layers.head().run(input);
  }

  @Override
  NDArray runWhole(NDArray pixels) {
    return plain.logits(pixels);
  }

  @Override
  NDArray arranged(NDArray array) {
    return layers.arrange().run(array);
  }

  @Override
  FeatureShape sumShape(Block block) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    FeatureShape input = block.input();
    return new FeatureShape(
        spec.width(),
        (input.height() - 1) / spec.stride() + 1,
        (input.width() - 1) / spec.stride() + 1);
  }

  NetworkLayers layers() {
    return layers.layers();
  }

  Scripts scripts() {
    return scripts;
  }

  /** {@return the call that brings an array into the memory format of convolutions} */
  Scripts.Call arrange() {
    return layers.arrange();
  }

  private LayeredBlock layered(int number) {
    List<LayeredBlock> blocks = layers.blocks();
    return blocks.get(number - 1);
  }
}
