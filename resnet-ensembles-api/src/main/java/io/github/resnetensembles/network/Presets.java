package io.github.resnetensembles.network;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The named networks. */
final class Presets {
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final List<Double> CIFAR_MEAN = ofBytes(125.3, 123.0, 113.9);
  private static final List<Double> CIFAR_STD = ofBytes(63.0, 62.1, 66.7);

  static final InputSpec CIFAR_INPUT = new InputSpec(3, 32, 32, 0, IMAGENET_MEAN, IMAGENET_STD);
  private static final InputSpec CIFAR_OWN_STATISTICS =
      CIFAR_INPUT.withNormalisation(CIFAR_MEAN, CIFAR_STD);
  static final InputSpec IMAGENET_INPUT =
      new InputSpec(3, 224, 224, 0, IMAGENET_MEAN, IMAGENET_STD);

  private static final int MAX_DEPTH = 20_000;
  private static final Pattern NAME = Pattern.compile("([a-z-]+)-([0-9]{1,5})");
  private static final String NAMES =
      "resnet-N, preresnet-N and plain-N (N = 6n+2, from 8), resnet-bottleneck-N and"
          + " preresnet-bottleneck-N (N = 9n+2, from 11), vgg-15, imagenet-resnet-18|34|50|101|152,"
          + " imagenet-preresnet-200, cifar-resnet-18|34|50|101|152, cifar-preresnet-18,"
          + " wide-resnet-D-K (D = 6n+4), resnext-29-8x64, imagenet-resnext-50-32x4,"
          + " imagenet-wide-resnet-50-2, imagenet-resnet-d-50, imagenet-se-resnet-50,"
          + " convnext-atto|tiny, vit-ti|s|b-PATCH-SIZE, efficientnet-b0, mobilenet-v2, alexnet,"
          + " vgg-16, vgg-16-bn";

  private Presets() {}

  static Architecture of(String name) {
    return LaterPresets.find(name).orElseGet(() -> byDepth(name));
  }

  private static Architecture byDepth(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw unknown(name);
    }
    int depth = Integer.parseInt(matcher.group(2));
    return switch (matcher.group(1)) {
      case "resnet" -> cifar(name, depth, BlockKind.BASIC, false);
      case "preresnet" -> cifar(name, depth, BlockKind.PRE_BASIC, false);
      case "plain" -> cifar(name, depth, BlockKind.BASIC, true);
      case "resnet-bottleneck" -> cifar(name, depth, BlockKind.BOTTLENECK, false);
      case "preresnet-bottleneck" -> cifar(name, depth, BlockKind.PRE_BOTTLENECK, false);
      case "vgg" -> {
        if (depth != 15) {
          throw unknown(name);
        }
        yield vgg15(name);
      }
      case "imagenet-resnet" -> imagenet(name, depth, false);
      case "imagenet-preresnet" -> imagenet(name, depth, true);
      default -> throw unknown(name);
    };
  }

  private static Architecture cifar(String name, int depth, BlockKind kind, boolean plain) {
    int layers = kind.expansion() == 1 ? 6 : 9;
    if (depth < layers + 2 || depth > MAX_DEPTH || (depth - 2) % layers != 0) {
      throw new InvalidInputException(
          "the depth of %s must be %sn+2, from %s to %s, got %s"
              .formatted(name, layers, layers + 2, MAX_DEPTH, depth));
    }
    boolean pre = kind.preActivation();
    Shortcut padding = pre ? Shortcut.ZERO_PAD_END : Shortcut.ZERO_PAD_EVEN;
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = 16;
    for (int stage = 0; stage < 3; stage++) {
      int width = (16 << stage) * kind.expansion();
      for (int i = 0; i < (depth - 2) / layers; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        Shortcut shortcut = stride == 1 && width == channels ? Shortcut.IDENTITY : padding;
        blocks.add(BlockSpec.of(kind, width, stride, shortcut).withPlain(plain));
        channels = width;
      }
    }
    return Architecture.builder(name)
        .input(pre ? CIFAR_OWN_STATISTICS : CIFAR_INPUT)
        .blocks(blocks)
        .head(head(pre, 10))
        .build();
  }

  /** 13 convolutions of 128 channels; pooling after convolutions 2, 4, 7, 10 and 13. */
  private static Architecture vgg15(String name) {
    Set<Integer> pooled = Set.of(2, 4, 7, 10, 13);
    List<BlockSpec> blocks = new ArrayList<>();
    for (int convolution = 2; convolution <= 13; convolution++) {
      blocks.add(
          BlockSpec.builder(BlockKind.CONV, 128)
              .maxPool(pooled.contains(convolution))
              .plain(true)
              .build());
    }
    return Architecture.builder(name)
        .input(CIFAR_OWN_STATISTICS)
        .stem(StemSpec.conv3x3(128))
        .blocks(blocks)
        .head(HeadSpec.hiddenLinear(128, 10))
        .batchNormEpsilon(1e-3)
        .build();
  }

  private static Architecture imagenet(String name, int depth, boolean pre) {
    int[] counts =
        switch (depth) {
          case 18 -> new int[] {2, 2, 2, 2};
          case 34, 50 -> new int[] {3, 4, 6, 3};
          case 101 -> new int[] {3, 4, 23, 3};
          case 152 -> new int[] {3, 8, 36, 3};
          case 200 -> new int[] {3, 24, 36, 3};
          default -> throw unknown(name);
        };
    if (pre != (depth == 200)) {
      throw unknown(name);
    }
    BlockKind kind =
        pre ? BlockKind.PRE_BOTTLENECK : depth < 50 ? BlockKind.BASIC : BlockKind.BOTTLENECK;
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = 64;
    for (int stage = 0; stage < 4; stage++) {
      int width = (64 << stage) * kind.expansion();
      for (int i = 0; i < counts[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        boolean same = stride == 1 && width == channels;
        blocks.add(
            BlockSpec.of(kind, width, stride, same ? Shortcut.IDENTITY : Shortcut.PROJECTION));
        channels = width;
      }
    }
    Architecture.Builder builder =
        Architecture.builder(name)
            .input(IMAGENET_INPUT)
            .stem(StemSpec.conv7x7MaxPool(64))
            .blocks(blocks)
            .head(head(pre, 1000));
    return (pre ? builder.shortcutInput(ShortcutInput.ACTIVATED) : builder).build();
  }

  private static HeadSpec head(boolean pre, int classes) {
    return pre ? HeadSpec.normPoolLinear(classes) : HeadSpec.poolLinear(classes);
  }

  private static List<Double> ofBytes(double r, double g, double b) {
    return List.of(r / 255, g / 255, b / 255);
  }

  private static IllegalArgumentException unknown(String name) {
    return new InvalidInputException(
        "no architecture is named '" + Names.shorten(name) + "'; there are " + NAMES);
  }
}
