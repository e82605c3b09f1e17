package io.github.resnetensembles.weights;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names for networks that were inferred from tensors. */
final class ArchitectureNames {
  private ArchitectureNames() {}

  /**
   * The name of the preset with the same layers, whatever the normalisation and the padding of
   * parameter-free shortcuts; else a name that says what differs.
   */
  static String nameOf(Architecture architecture) {
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
    if (architecture.head().kind() == HeadSpec.Kind.HIDDEN_LINEAR) {
      return "vgg";
    }
    BlockKind kind = kind(architecture);
    boolean imageNet = architecture.stem().kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    return (imageNet ? "imagenet-" : "")
        + (architecture.plain() ? "plain" : kind.preActivation() ? "preresnet" : "resnet")
        + (kind.expansion() > 1 && !imageNet ? "-bottleneck" : "");
  }

  private static BlockKind kind(Architecture architecture) {
    List<BlockSpec> specs = architecture.blockSpecs();
    return ((BlockSpec.Layered) specs.get(specs.size() - 1)).kind();
  }

  /** Layers with weights on the longest way: projections do not count. */
  private static int depth(Architecture architecture) {
    int depth = architecture.head().kind() == HeadSpec.Kind.HIDDEN_LINEAR ? 3 : 2;
    for (BlockSpec spec : architecture.blockSpecs()) {
      BlockKind kind = ((BlockSpec.Layered) spec).kind();
      depth += kind == BlockKind.CONV ? 1 : kind.expansion() > 1 ? 3 : 2;
    }
    return depth;
  }

  private static boolean sameLayers(Architecture preset, Architecture other) {
    return normalised(preset, preset).equals(normalised(other, preset));
  }

  private static Architecture normalised(Architecture architecture, Architecture preset) {
    Architecture.Builder builder =
        architecture.toBuilder()
            .zeroPadding(Shortcut.ZERO_PAD_END)
            .mapBlocks(block -> block.withGain(1));
    return architecture.input().channels() == preset.input().channels()
        ? builder.normalisation(preset.input().mean(), preset.input().std()).build()
        : builder.build();
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
            .filter(spec -> ((BlockSpec.Layered) spec).shortcut() == Shortcut.PROJECTION)
            .count();
    List<String> parts = new ArrayList<>();
    parts.add("blocks " + brief(sizes));
    parts.add("widths " + brief(widths));
    if (projections > 0) {
      parts.add(projections + " projections");
    }
    if (kind(architecture).preActivation()) {
      if (!architecture.stem().batchNorm()) {
        parts.add("no BatchNorm after the stem");
      }
      if (!((BlockSpec.Layered) architecture.blockSpecs().get(0)).leadingNorm()) {
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
