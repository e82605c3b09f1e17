package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/** Brings a network's weights into the engine, BatchNorm folded wherever that is exact. */
final class LayerLoader {
  /**
   * A system property, read when a network is opened: {@code false} leaves BatchNorm beside the
   * convolutions, to measure what folding it is worth.
   */
  static final String FOLD = "io.github.resnetensembles.djl.foldBatchNorm";

  private final boolean fold = !"false".equals(System.getProperty(FOLD));
  private final Architecture architecture;
  private final Folding weights;
  private final Tensors parameters;
  private final Tensors activations;
  private final Scripts scripts;
  private final Scripts.Call arrange;

  LayerLoader(Weights weights, Tensors parameters, Tensors activations, Scripts scripts) {
    this.architecture = weights.architecture();
    this.weights = new Folding(weights);
    this.parameters = parameters;
    this.activations = activations;
    this.scripts = scripts;
    ScriptText text = new ScriptText();
    this.arrange = scripts.call(text, Layers.channelsLast(text.argument("x")));
  }

  /**
   * A network in the engine.
   *
   * @param arrange brings an array into the memory format that convolutions are fastest in
   * @param stemNonNegative whether the stem ends in ReLU
   */
  record Loaded(
      Scripts.Call arrange,
      Scripts.Call stem,
      boolean stemNonNegative,
      List<LayeredBlock> blocks,
      Scripts.Call head,
      NetworkLayers layers) {}

  Loaded load() {
    NetworkLayers layers =
        new NetworkLayers(stem(), architecture.blocks().stream().map(this::block).toList(), head());
    FoldedForm form = new FoldedForm(new Transposes(parameters, scripts));
    return new Loaded(
        arrange,
        call(layers.stem().chain(form)),
        architecture.stem().batchNorm(),
        layers.blocks().stream()
            .map(block -> new LayeredBlock(block, scripts, this::scalar))
            .toList(),
        call(layers.head().chain(form)),
        layers);
  }

  private Scripts.Call call(LayerChain chain) {
    ScriptText text = new ScriptText();
    Value x = Value.shared(text.argument("x"));
    return scripts.call(text, chain.forward(text, x, new ArrayList<>()).name());
  }

  private NDArray scalar(double gain) {
    return activations.of(new double[] {gain});
  }

  private StemLayers stem() {
    StemSpec stem = architecture.stem();
    boolean large = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    int stride = large ? 2 : 1;
    int padding = large ? 3 : 1;
    Convolution convolution =
        stem.batchNorm()
            ? folded("stem.conv", "stem.bn", stride, padding, true)
            : bare("stem.conv", stride, padding);
    return new StemLayers(
        architecture.input().paddedShape(),
        convolution,
        large ? new DerivableLayers.MaxPool(3, 1, false) : null);
  }

  private BlockLayers block(Block block) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    String prefix = "blocks." + block.number() + ".";
    boolean pre = spec.kind().preActivation();
    int[] kernels =
        switch (spec.kind()) {
          case CONV -> new int[] {3};
          case BASIC, PRE_BASIC -> new int[] {3, 3};
          case BOTTLENECK, PRE_BOTTLENECK -> new int[] {1, 3, 1};
        };
    int strided = kernels.length == 3 ? 1 : 0;
    List<Convolution> branch = new ArrayList<>();
    for (int i = 0; i < kernels.length; i++) {
      boolean last = i == kernels.length - 1;
      String name = prefix + "conv" + (i + 1);
      int stride = i == strided ? spec.stride() : 1;
      int padding = kernels[i] / 2;
      if (pre && last) {
        branch.add(bare(name, stride, padding));
      } else {
        String norm = prefix + "bn" + (pre ? i + 2 : i + 1);
        boolean relu = !last || kernels.length == 1;
        branch.add(folded(name, norm, stride, padding, relu));
      }
    }
    Convolution projection =
        spec.shortcut() == Shortcut.PROJECTION
            ? folded(prefix + "shortcut.conv", prefix + "shortcut.bn", spec.stride(), 0, false)
            : null;
    Norm leading = pre && spec.leadingNorm() ? norm(prefix + "bn1") : null;
    return new BlockLayers(block, leading, branch, projection);
  }

  private HeadLayers head() {
    HeadSpec.Kind kind = architecture.head().kind();
    FeatureShape input = architecture.finalOutput();
    return switch (kind) {
      case POOL_LINEAR -> new HeadLayers(kind, input, null, List.of(linear("head.linear")));
      case NORM_POOL_LINEAR ->
          new HeadLayers(kind, input, norm("head.bn"), List.of(linear("head.linear")));
      case HIDDEN_LINEAR -> {
        Folding.Layer hidden =
            weights.fold("head.linear1", "head.bn", weights.values("head.linear1.bias"));
        Linear first =
            new Linear(
                "head.linear1",
                "head.bn",
                kept(hidden.weight(), hidden.shape()),
                kept(hidden.bias(), List.of(hidden.bias().length)));
        yield new HeadLayers(kind, input, null, List.of(first, linear("head.linear2")));
      }
      case OPAQUE -> throw new IllegalArgumentException("an opaque head has no layers");
    };
  }

  private Convolution folded(String name, String norm, int stride, int padding, boolean relu) {
    if (!fold) {
      String weight = name + ".weight";
      NDArray kernel = arranged(weights.values(weight), weights.shape(weight));
      return new Convolution(name, norm, kernel, null, stride, padding, norm(norm), relu);
    }
    Folding.Layer layer = weights.fold(name, norm);
    return new Convolution(
        name,
        norm,
        arranged(layer.weight(), layer.shape()),
        kept(layer.bias(), List.of(layer.bias().length)),
        stride,
        padding,
        null,
        relu);
  }

  private Convolution bare(String name, int stride, int padding) {
    String weight = name + ".weight";
    NDArray kernel = arranged(weights.values(weight), weights.shape(weight));
    return new Convolution(name, null, kernel, null, stride, padding, null, false);
  }

  private Norm norm(String name) {
    return new Norm(
        name,
        vector(name + ".weight"),
        vector(name + ".bias"),
        vector(name + ".running_mean"),
        vector(name + ".running_var"),
        architecture.batchNormEpsilon());
  }

  private Linear linear(String name) {
    return new Linear(name, null, vector(name + ".weight"), vector(name + ".bias"));
  }

  private NDArray vector(String name) {
    return kept(weights.values(name), weights.shape(name));
  }

  private NDArray kept(double[] values, List<Integer> shape) {
    return parameters.keep(parameters.of(values, longs(shape)));
  }

  private NDArray arranged(double[] values, List<Integer> shape) {
    try (NDArray plain = Tensors.closedOnce(parameters.of(values, longs(shape)))) {
      return parameters.keep(arrange.run(plain));
    }
  }

  private static long[] longs(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }
}
