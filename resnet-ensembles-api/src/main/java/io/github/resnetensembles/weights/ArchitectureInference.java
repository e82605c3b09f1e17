package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network that has these tensors. What they do not tell (normalisation, zero padding,
 * image size) is as in the preset of the same kind.
 */
final class ArchitectureInference {
  /** MNIST's, for networks of one input channel. */
  private static final InputSpec GREY_INPUT =
      new InputSpec(1, 28, 28, 2, List.of(0.1307), List.of(0.3081));

  private static final String REMEDY =
      "; give the architecture if it has another form, or rename tensors whose names are not"
          + " recognised";

  private final Map<String, StoredTensor> tensors;
  private final List<Integer> firstOfStage;
  private final boolean preActivation;

  private ArchitectureInference(TensorNames.Recognised file) {
    this.tensors = file.tensors();
    this.firstOfStage = file.firstOfStage();
    this.preActivation = tensors.containsKey("head.bn.weight") || normsCountInputs();
  }

  static Architecture infer(TensorNames.Recognised file) {
    if (file.tensors().containsKey("head.linear1.weight")) {
      return vgg(file.tensors());
    }
    try {
      return new ArchitectureInference(file).build();
    } catch (InvalidWeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidWeightsException(
          "the tensors describe no network that can be built: " + e.getMessage() + REMEDY, e);
    }
  }

  /** Where a VGG network pools, tensors do not tell: only the preset is recognised. */
  private static Architecture vgg(Map<String, StoredTensor> tensors) {
    Architecture preset = Architecture.of("vgg-15");
    StoredTensor last = tensors.get("head.linear2.weight");
    if (last == null || last.shape().size() != 2 || last.shape().get(0) == 10) {
      return preset;
    }
    int classes = last.shape().get(0);
    return rename(preset.toBuilder().classes(Math.max(2, classes)).build());
  }

  private static Architecture rename(Architecture architecture) {
    return architecture.toBuilder().name(ArchitectureNames.nameOf(architecture)).build();
  }

  private Architecture build() {
    List<Integer> stem = shape("stem.conv.weight", 4);
    boolean imageNet = stem.get(2) == 7;
    if (!imageNet && stem.get(2) != 3) {
      throw new InvalidWeightsException(
          "the stem's kernel is %sx%s; 3x3 (CIFAR) and 7x7 (ImageNet) are known%s"
              .formatted(stem.get(2), stem.get(3), REMEDY));
    }
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = stem.get(0);
    while (tensors.containsKey("blocks." + (blocks.size() + 1) + ".conv1.weight")) {
      blocks.add(block(blocks.size() + 1, channels));
      channels = width(blocks.size());
    }
    if (blocks.isEmpty()) {
      throw new InvalidWeightsException(
          "there is no blocks.1.conv1.weight (layer1.0.conv1)" + REMEDY);
    }
    StemSpec known =
        imageNet ? StemSpec.conv7x7MaxPool(stem.get(0)) : StemSpec.conv3x3(stem.get(0));
    int classes = shape("head.linear.weight", 2).get(0);
    Architecture.Builder builder =
        Architecture.builder("inferred")
            .input(input(imageNet, stem.get(1)))
            .stem(known.withBatchNorm(stemNorm(blocks)))
            .blocks(blocks)
            .head(preActivation ? HeadSpec.normPoolLinear(classes) : HeadSpec.poolLinear(classes));
    if (preActivation && imageNet && bottleneck(blocks.size())) {
      builder = builder.shortcutInput(ShortcutInput.ACTIVATED);
    }
    return rename(builder.build());
  }

  private BlockSpec.Layered block(int number, int channels) {
    String prefix = "blocks." + number + ".";
    boolean bottleneck = bottleneck(number);
    int width = width(number);
    // Without stages in the names, a stage begins where the width changes.
    boolean newStage =
        number > 1 && (firstOfStage.isEmpty() ? width != channels : firstOfStage.contains(number));
    int stride = newStage ? 2 : 1;
    BlockKind kind =
        preActivation
            ? bottleneck ? BlockKind.PRE_BOTTLENECK : BlockKind.PRE_BASIC
            : bottleneck ? BlockKind.BOTTLENECK : BlockKind.BASIC;
    Shortcut shortcut;
    if (tensors.containsKey(prefix + "shortcut.conv.weight")) {
      shortcut = Shortcut.PROJECTION;
    } else if (stride == 1 && width == channels) {
      shortcut = Shortcut.IDENTITY;
    } else {
      shortcut = preActivation ? Shortcut.ZERO_PAD_END : Shortcut.ZERO_PAD_EVEN;
    }
    boolean leading =
        number > 1 || !preActivation || hasNorm("blocks.1.bn1") || !hasNorm("stem.bn");
    return BlockSpec.builder(kind, width)
        .stride(stride)
        .shortcut(shortcut)
        .leadingNorm(leading)
        .build();
  }

  private boolean bottleneck(int number) {
    return tensors.containsKey("blocks." + number + ".conv3.weight");
  }

  private int width(int number) {
    return shape("blocks." + number + (bottleneck(number) ? ".conv3" : ".conv2") + ".weight", 4)
        .get(0);
  }

  /** Missing norms of a damaged file are not taken for a variant: block 1 has one or the stem. */
  private boolean stemNorm(List<BlockSpec> blocks) {
    return !preActivation || hasNorm("stem.bn") || !hasNorm("blocks.1.bn1") || blocks.isEmpty();
  }

  private boolean hasNorm(String layer) {
    return tensors.containsKey(layer + ".weight");
  }

  /** Whether some block's first BatchNorm counts the block's input channels, not its branch's. */
  private boolean normsCountInputs() {
    for (int number = 1; ; number++) {
      StoredTensor conv = tensors.get("blocks." + number + ".conv1.weight");
      StoredTensor norm = tensors.get("blocks." + number + ".bn1.weight");
      if (conv == null) {
        return false;
      }
      if (norm != null && conv.shape().size() == 4 && norm.shape().size() == 1) {
        int counted = norm.shape().get(0);
        if (counted == conv.shape().get(1) && counted != conv.shape().get(0)) {
          return true;
        }
      }
    }
  }

  private InputSpec input(boolean imageNet, int channels) {
    InputSpec preset =
        Architecture.of(
                imageNet ? "imagenet-resnet-18" : preActivation ? "preresnet-20" : "resnet-20")
            .input();
    if (channels == 3) {
      return preset;
    }
    if (channels != 1) {
      throw new InvalidWeightsException(
          "the stem takes " + channels + " channels; 1 and 3 are known" + REMEDY);
    }
    return imageNet
        ? new InputSpec(1, 224, 224, 0, GREY_INPUT.mean(), GREY_INPUT.std())
        : GREY_INPUT;
  }

  private List<Integer> shape(String name, int dimensions) {
    @Nullable StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidWeightsException(
          "there is no " + name + ", so the network cannot be inferred" + REMEDY);
    }
    if (tensor.shape().size() != dimensions || tensor.shape().contains(0)) {
      throw new InvalidWeightsException(
          "%s has the shape %s where %s dimensions are due%s"
              .formatted(name, tensor.shape(), dimensions, REMEDY));
    }
    return tensor.shape();
  }
}
