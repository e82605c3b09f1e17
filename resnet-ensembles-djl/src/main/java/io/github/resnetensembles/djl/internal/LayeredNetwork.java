package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A network of layers this library knows: one script call for each step. */
final class LayeredNetwork extends EngineNetwork {
  private final Weights weights;
  private final Scripts scripts;
  private final Scripts.Call<NDArray> arrange;
  private final Optional<NarrowFormat> format;
  private final PlainForward plain;
  private final Supplier<Evaluated> evaluated;
  private final Supplier<Derivatives> derivatives;

  private LayeredNetwork(
      Weights weights,
      NetworkInfo info,
      int workers,
      Gate gate,
      Tensors tensors,
      Tensors parameters,
      Scripts scripts,
      Optional<NarrowFormat> format) {
    super(weights.architecture(), info, workers, gate, tensors, scripts);
    this.weights = weights;
    this.scripts = scripts;
    this.format = format;
    ScriptText text = new ScriptText();
    this.arrange = scripts.call(text, Layers.channelsLast(text.argument("x")));
    PlainWeights plainWeights = new PlainWeights(weights, parameters);
    this.plain = new PlainForward(weights.architecture(), plainWeights);
    this.evaluated =
        Suppliers.memoize(
            () ->
                Evaluated.of(
                    chains(weights, parameters, scripts, arrange, format),
                    scripts,
                    gain -> tensors.of(new double[] {gain})));
    this.derivatives =
        () ->
            new LayeredDerivatives(architecture(), evaluated.get().folded(), plainWeights, scripts);
  }

  /** The layers, those of the blocks in the format of 16 bits if there is one. */
  private static NetworkChains chains(
      Weights weights,
      Tensors parameters,
      Scripts scripts,
      Scripts.Call<NDArray> arrange,
      Optional<NarrowFormat> format) {
    LayerForm ends = new FoldedForm(weights, parameters, scripts, arrange, Optional.empty());
    LayerForm blocks =
        format.isEmpty() ? ends : new FoldedForm(weights, parameters, scripts, arrange, format);
    return NetworkChains.of(weights.architecture(), ends, blocks);
  }

  /**
   * What evaluates the network.
   *
   * @param folded its layers, their weights in the engine
   */
  private record Evaluated(
      NetworkChains folded,
      Scripts.Call<NDArray> stem,
      List<LayeredBlock> blocks,
      Scripts.Call<NDArray> head) {
    static Evaluated of(NetworkChains folded, Scripts scripts, DoubleFunction<NDArray> scalars) {
      return new Evaluated(
          folded,
          call(folded.stem(), scripts),
          folded.blocks().stream().map(block -> new LayeredBlock(block, scripts, scalars)).toList(),
          call(folded.head(), scripts));
    }

    private static Scripts.Call<NDArray> call(LayerChain chain, Scripts scripts) {
      ScriptText text = new ScriptText();
      Value x = Value.shared(text.argument("x"));
      return scripts.call(text, chain.forward(text, x, new ArrayList<>()).name());
    }
  }

  static LayeredNetwork open(Weights weights, ModelOptions options) {
    TorchEngine torch = TorchEngine.load();
    Device device = torch.device(options.device());
    LayeredNetwork network =
        open(torch, weights, options, device, Threads.of(device, options.effectiveThreads()));
    try {
      Evaluated unused = network.call(network.evaluated);
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
    return network;
  }

  /** Opens a network that brings the weights into the engine only when it evaluates anything. */
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
                weights.trained(),
                weights.assumed())
            .computedWith(torch.build(), InstructionSet.here());
    Optional<NarrowFormat> format = NarrowFormat.of(options.precision(), device);
    Tensors activations = new Tensors(torch.engine(), device, options.precision());
    Tensors parameters = new Tensors(torch.engine(), device, options.precision());
    Scripts scripts = new Scripts(parameters.manager(), activations.manager());
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
      return gate.call(
          () ->
              new LayeredNetwork(
                  weights,
                  info,
                  threads.workers(),
                  gate,
                  activations,
                  parameters,
                  scripts,
                  format));
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
    Evaluated network = evaluated.get();
    return new Output(network.stem().run(pixels), network.folded().stem().nonNegative(false));
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
    return evaluated.get().head().run(input);
  }

  @Override
  NDArray runWhole(NDArray pixels) {
    return plain.logits(pixels);
  }

  @Override
  NDArray arranged(NDArray array) {
    return arrange.run(array);
  }

  @Override
  FeatureShape sumShape(Block block) {
    return block.sum();
  }

  Scripts scripts() {
    return scripts;
  }

  /** {@return the 16 bits that the blocks' convolutions are computed in} */
  Optional<NarrowFormat> format() {
    return format;
  }

  /** {@return the call that brings an array into the memory format of convolutions} */
  Scripts.Call<NDArray> arrange() {
    return arrange;
  }

  private LayeredBlock layered(int number) {
    return evaluated.get().blocks().get(number - 1);
  }
}
