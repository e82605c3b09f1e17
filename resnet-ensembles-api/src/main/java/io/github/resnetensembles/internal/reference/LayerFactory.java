package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds the layers that an architecture describes from its tensors. */
final class LayerFactory {
  private static final Layer RELU = (input, mode) -> Layers.relu(input);
  private static final Layer GLOBAL_AVERAGE = (input, mode) -> Layers.globalAverage(input);

  private final Architecture architecture;
  private final Map<String, double[]> tensors;

  LayerFactory(Architecture architecture, Map<String, double[]> tensors) {
    this.architecture = architecture;
    this.tensors = tensors;
  }

  Layer stem() {
    StemSpec stem = architecture.stem();
    boolean large = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    List<Layer> layers = new ArrayList<>();
    layers.add(convolution("stem.conv", stem.width(), large ? 7 : 3, large ? 2 : 1));
    if (stem.batchNorm()) {
      layers.add(norm("stem.bn"));
      layers.add(RELU);
    }
    if (large) {
      layers.add(new MaxPool(3, 1));
    }
    return Layer.chain(layers);
  }

  Layer branch(Block block) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    int width = spec.width();
    int inner = width / spec.kind().expansion();
    String prefix = prefix(block);
    Layer[] convolutions =
        switch (spec.kind()) {
          case CONV -> new Layer[] {convolution(prefix + "conv1", width, 3, spec.stride())};
          case BASIC, PRE_BASIC ->
              new Layer[] {
                convolution(prefix + "conv1", inner, 3, spec.stride()),
                convolution(prefix + "conv2", width, 3, 1)
              };
          case BOTTLENECK, PRE_BOTTLENECK ->
              new Layer[] {
                convolution(prefix + "conv1", inner, 1, 1),
                convolution(prefix + "conv2", inner, 3, spec.stride()),
                convolution(prefix + "conv3", width, 1, 1)
              };
        };
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < convolutions.length; i++) {
      String norm = prefix + "bn" + (i + 1);
      if (spec.kind().preActivation()) {
        if (i > 0 || spec.leadingNorm()) {
          layers.add(norm(norm));
          layers.add(RELU);
        }
        layers.add(convolutions[i]);
      } else {
        layers.add(convolutions[i]);
        layers.add(norm(norm));
        if (i < convolutions.length - 1 || reluEndsBranch(spec)) {
          layers.add(RELU);
        }
      }
    }
    return Layer.chain(layers);
  }

  Layer skip(Block block) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    String prefix = prefix(block);
    int added = spec.width() - block.input().channels();
    List<Layer> layers = new ArrayList<>();
    if (spec.shortcutInput() == ShortcutInput.ACTIVATED) {
      layers.add(norm(prefix + "bn1"));
      layers.add(RELU);
    }
    switch (spec.shortcut()) {
      case IDENTITY -> {}
      case ZERO_PAD_EVEN -> layers.add(new ZeroPadding(added / 2, spec.width(), spec.stride()));
      case ZERO_PAD_END -> layers.add(new ZeroPadding(0, spec.width(), spec.stride()));
      case PROJECTION -> {
        layers.add(convolution(prefix + "shortcut.conv", spec.width(), 1, spec.stride()));
        layers.add(norm(prefix + "shortcut.bn"));
      }
    }
    return Layer.chain(layers);
  }

  Layer post(Block block) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    return switch (spec.kind()) {
      case BASIC, BOTTLENECK -> RELU;
      case PRE_BASIC, PRE_BOTTLENECK -> Layer.chain(List.of());
      case CONV -> spec.maxPool() ? new MaxPool(2, 0) : Layer.chain(List.of());
    };
  }

  Layer head() {
    HeadSpec head = architecture.head();
    return switch (head.kind()) {
      case POOL_LINEAR -> Layer.chain(List.of(GLOBAL_AVERAGE, linear("head.linear")));
      case NORM_POOL_LINEAR ->
          Layer.chain(List.of(norm("head.bn"), RELU, GLOBAL_AVERAGE, linear("head.linear")));
      case HIDDEN_LINEAR ->
          Layer.chain(
              List.of(linear("head.linear1"), norm("head.bn"), RELU, linear("head.linear2")));
      case OPAQUE -> throw new IllegalArgumentException("an opaque head has no layers");
    };
  }

  /** A VGG unit ends in a ReLU; the branches of residual blocks do not, their sum does. */
  private static boolean reluEndsBranch(BlockSpec.Layered spec) {
    return switch (spec.kind()) {
      case CONV -> true;
      case BASIC, BOTTLENECK, PRE_BASIC, PRE_BOTTLENECK -> false;
    };
  }

  private static String prefix(Block block) {
    return "blocks." + block.number() + ".";
  }

  private Convolution convolution(String name, int channels, int kernel, int stride) {
    return new Convolution(name, tensor(name + ".weight"), channels, kernel, stride);
  }

  private BatchNorm norm(String name) {
    return new BatchNorm(
        name,
        tensor(name + ".weight"),
        tensor(name + ".bias"),
        tensor(name + ".running_mean"),
        tensor(name + ".running_var"),
        architecture.batchNormEpsilon());
  }

  private Linear linear(String name) {
    return new Linear(name, tensor(name + ".weight"), tensor(name + ".bias"));
  }

  private double[] tensor(String name) {
    double[] values = tensors.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "the weights of " + architecture.name() + " have no tensor '" + name + "'");
    }
    return values;
  }
}
