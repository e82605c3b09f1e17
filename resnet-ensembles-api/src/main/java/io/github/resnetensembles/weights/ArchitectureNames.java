package io.github.resnetensembles.weights;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names for networks that were inferred from tensors. */
final class ArchitectureNames {
  /** Presets whose names do not follow from kind and depth. */
  private static final List<String> LATER =
      List.of(
          "cifar-resnet-18",
          "cifar-resnet-34",
          "cifar-resnet-50",
          "cifar-resnet-101",
          "cifar-resnet-152",
          "cifar-preresnet-18",
          "wide-resnet-16-8",
          "wide-resnet-28-10",
          "wide-resnet-40-4",
          "resnext-29-8x64",
          "imagenet-resnext-50-32x4",
          "imagenet-wide-resnet-50-2",
          "imagenet-resnet-d-50",
          "imagenet-se-resnet-50",
          "mobilenet-v2",
          "efficientnet-b0",
          "convnext-atto",
          "convnext-tiny",
          "vit-ti-16-224",
          "vit-s-16-224",
          "vit-b-16-224");

  private ArchitectureNames() {}

  /**
   * The name of the preset with the same layers, whatever the normalisation, the padding of
   * parameter-free shortcuts and dropout; else a name that says what differs.
   */
  static String nameOf(Architecture architecture) {
    for (String later : LATER) {
      Architecture preset = Architecture.of(later);
      if (preset.size() == architecture.size() && sameLayers(preset, architecture)) {
        return later;
      }
    }
    String base = family(architecture) + "-" + depth(architecture);
    try {
      if (sameLayers(Architecture.of(base), architecture)) {
        return base;
      }
    } catch (IllegalArgumentException e) {
      // No preset has this depth: the long name below says what the network is.
    }
    return base + " (" + details(architecture) + ")";
  }

  private static String family(Architecture architecture) {
    if (has(architecture.stem().layers(), Layer.Tokens.class)) {
      return "vit";
    }
    if (has(architecture.head().layers(), Layer.Flatten.class)) {
      return "vgg";
    }
    if (has(architecture.stem().layers(), Layer.LayerNorm.class)) {
      return "convnext";
    }
    if (depthwise(last(architecture).branch())) {
      return last(architecture).branch().stream()
              .anyMatch(
                  layer ->
                      layer instanceof Layer.SqueezeExcitation gates
                          && gates.gate() == Layer.Function.SIGMOID)
          ? "efficientnet"
          : "mobilenet";
    }
    boolean imageNet = has(architecture.stem().layers(), Layer.MaxPool.class);
    boolean bottleneck = count(last(architecture).branch(), Layer.Convolution.class) > 2;
    return (imageNet ? "imagenet-" : "")
        + (architecture.plain()
            ? "plain"
            : last(architecture).preActivation() ? "preresnet" : "resnet")
        + (bottleneck && !imageNet ? "-bottleneck" : "");
  }

  private static boolean depthwise(List<Layer> layers) {
    return layers.stream()
        .anyMatch(
            layer ->
                layer instanceof Layer.Convolution convolution
                    && convolution.groups() > 1
                    && convolution.groups() == convolution.channels());
  }

  private static BlockSpec.Layered last(Architecture architecture) {
    List<BlockSpec> specs = architecture.blockSpecs();
    return (BlockSpec.Layered) specs.get(specs.size() - 1);
  }

  /** Layers with weights on the longest way: projections do not count. */
  private static long depth(Architecture architecture) {
    long depth =
        count(architecture.stem().layers(), Layer.Convolution.class)
            + count(architecture.head().layers(), Layer.Convolution.class)
            + count(architecture.head().layers(), Layer.Linear.class);
    for (BlockSpec spec : architecture.blockSpecs()) {
      BlockSpec.Layered block = (BlockSpec.Layered) spec;
      depth += count(block.lead(), Layer.Convolution.class);
      depth += count(block.branch(), Layer.Convolution.class);
    }
    return depth;
  }

  private static long count(List<Layer> layers, Class<? extends Layer> kind) {
    return layers.stream().filter(kind::isInstance).count();
  }

  private static boolean has(List<Layer> layers, Class<? extends Layer> kind) {
    return count(layers, kind) > 0;
  }

  private static boolean sameLayers(Architecture preset, Architecture other) {
    return normalised(preset, preset).equals(normalised(other, preset));
  }

  private static Architecture normalised(Architecture architecture, Architecture preset) {
    Architecture.Builder builder =
        architecture.toBuilder()
            .zeroPadding(Shortcut.ZERO_PAD_END)
            .mapBlocks(block -> block.withGain(1))
            .head(withoutDropout(architecture.head()));
    return architecture.input().channels() == preset.input().channels()
        ? builder.normalisation(preset.input().mean(), preset.input().std()).build()
        : builder.build();
  }

  private static HeadSpec withoutDropout(HeadSpec head) {
    return new HeadSpec(
        head.layers().stream().filter(layer -> !(layer instanceof Layer.Dropout)).toList(),
        head.classes());
  }

  private static String details(Architecture architecture) {
    List<String> sizes = new ArrayList<>();
    List<String> widths = new ArrayList<>();
    for (List<Integer> stage : architecture.stages()) {
      sizes.add(String.valueOf(stage.size()));
      widths.add(String.valueOf(architecture.block(stage.get(0)).output().channels()));
    }
    long projections =
        architecture.blockSpecs().stream()
            .filter(spec -> has(((BlockSpec.Layered) spec).skip(), Layer.Convolution.class))
            .count();
    List<String> parts = new ArrayList<>();
    parts.add("blocks " + brief(sizes));
    parts.add("widths " + brief(widths));
    if (projections > 0) {
      parts.add(projections + " projections");
    }
    List<Layer> branch = last(architecture).branch();
    boolean norms = has(branch, Layer.BatchNorm.class) || has(branch, Layer.GroupNorm.class);
    if (last(architecture).preActivation() && norms) {
      if (!architecture.stem().batchNorm()) {
        parts.add("no BatchNorm after the stem");
      }
      BlockSpec.Layered first = (BlockSpec.Layered) architecture.blockSpecs().get(0);
      if (first.lead().isEmpty() && first.branch().get(0) instanceof Layer.Convolution) {
        parts.add("no BatchNorm before block 1");
      }
    }
    if (architecture.input().channels() != 3) {
      parts.add("1 input channel");
    }
    parts.add(architecture.head().classes() + " classes");
    return String.join(", ", parts);
  }

  private static String brief(List<String> numbers) {
    return numbers.stream().limit(8).collect(Collectors.joining("+"))
        + (numbers.size() > 8 ? "+…" : "");
  }
}
