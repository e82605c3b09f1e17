package io.github.resnetensembles.network;

import com.google.common.primitives.Ints;
import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The named networks that came after the first residual ones, and the plain ones before them, with
 * the shapes of torchvision, timm and the usual CIFAR repositories.
 */
final class LaterPresets {
  private static final Pattern WIDE = Pattern.compile("wide-resnet-([0-9]{1,5})-([0-9]{1,3})");
  private static final Pattern CIFAR = Pattern.compile("cifar-resnet-(18|34|50|101|152)");
  private static final Pattern TRANSFORMER =
      Pattern.compile("vit-(ti|s|b)-([0-9]{1,4})-([0-9]{1,4})");

  private static final int MAX_DEPTH = 20_000;
  private static final int MAX_SIZE = 4096;
  private static final int IMAGENET_CLASSES = 1000;
  private static final double TRANSFORMER_EPSILON = 1e-6;

  private LaterPresets() {}

  static Optional<Architecture> find(String name) {
    return switch (name) {
      case "cifar-preresnet-18" -> Optional.of(cifarPreActivation(name));
      case "resnext-29-8x64" -> Optional.of(cifarResnext(name));
      case "imagenet-resnext-50-32x4" ->
          Optional.of(resnet50(name, 128, 32, plainStem(), LaterPresets::same));
      case "imagenet-wide-resnet-50-2" ->
          Optional.of(resnet50(name, 128, 1, plainStem(), LaterPresets::same));
      case "imagenet-se-resnet-50" -> Optional.of(squeezeExcite(name));
      case "imagenet-resnet-d-50" -> Optional.of(averagedShortcuts(name));
      case "alexnet" -> Optional.of(alexnet(name));
      case "vgg-16" -> Optional.of(vgg16(name, false));
      case "vgg-16-bn" -> Optional.of(vgg16(name, true));
      case "mobilenet-v2" -> Optional.of(InvertedResiduals.mobileNetV2(name));
      case "efficientnet-b0" -> Optional.of(InvertedResiduals.efficientNetB0(name));
      case "convnext-atto" ->
          Optional.of(convnext(name, new int[] {2, 2, 6, 2}, new int[] {40, 80, 160, 320}));
      case "convnext-tiny" ->
          Optional.of(convnext(name, new int[] {3, 3, 9, 3}, new int[] {96, 192, 384, 768}));
      default -> bySizes(name);
    };
  }

  private static Optional<Architecture> bySizes(String name) {
    Matcher cifar = CIFAR.matcher(name);
    if (cifar.matches()) {
      return Optional.of(cifar(name, Integer.parseInt(cifar.group(1))));
    }
    Matcher wide = WIDE.matcher(name);
    if (wide.matches()) {
      return Optional.of(
          wide(name, Integer.parseInt(wide.group(1)), Integer.parseInt(wide.group(2))));
    }
    Matcher transformer = TRANSFORMER.matcher(name);
    return transformer.matches()
        ? Optional.of(
            transformer(
                name,
                switch (transformer.group(1)) {
                  case "ti" -> 3;
                  case "s" -> 6;
                  default -> 12;
                },
                Integer.parseInt(transformer.group(2)),
                Integer.parseInt(transformer.group(3))))
        : Optional.empty();
  }

  private static BlockSpec.Layered same(BlockSpec.Layered block) {
    return block;
  }

  /**
   * The stages of a residual network, whose first blocks have projections where the shape changes.
   *
   * @param inner the inner width of the first stage's blocks; twice that in the second, and so on
   */
  private static List<BlockSpec> stages(
      BlockKind kind,
      int[] counts,
      int inner,
      int groups,
      UnaryOperator<BlockSpec.Layered> change) {
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = 64;
    for (int stage = 0; stage < counts.length; stage++) {
      int width = (64 << stage) * kind.expansion();
      for (int i = 0; i < counts[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        boolean projected = stride > 1 || width != channels;
        BlockSpec.Builder builder =
            BlockSpec.builder(kind, width)
                .innerWidth(inner << stage)
                .groups(groups)
                .stride(stride)
                .shortcut(projected ? Shortcut.PROJECTION : Shortcut.IDENTITY);
        if (projected && kind.preActivation()) {
          builder = builder.projectionNorm(false).shortcutInput(ShortcutInput.ACTIVATED);
        }
        blocks.add(change.apply(builder.build()));
        channels = width;
      }
    }
    return blocks;
  }

  private static int[] counts(int depth) {
    return switch (depth) {
      case 18 -> new int[] {2, 2, 2, 2};
      case 101 -> new int[] {3, 4, 23, 3};
      case 152 -> new int[] {3, 8, 36, 3};
      default -> new int[] {3, 4, 6, 3};
    };
  }

  private static Architecture cifar(String name, int depth) {
    BlockKind kind = depth < 50 ? BlockKind.BASIC : BlockKind.BOTTLENECK;
    return Architecture.builder(name)
        .stem(StemSpec.conv3x3(64))
        .blocks(stages(kind, counts(depth), 64, 1, LaterPresets::same))
        .build();
  }

  private static Architecture cifarPreActivation(String name) {
    return Architecture.builder(name)
        .stem(StemSpec.conv3x3(64).withBatchNorm(false))
        .blocks(stages(BlockKind.PRE_BASIC, counts(18), 64, 1, LaterPresets::same))
        .head(HeadSpec.normPoolLinear(10))
        .build();
  }

  private static Architecture cifarResnext(String name) {
    return Architecture.builder(name)
        .stem(StemSpec.conv3x3(64))
        .blocks(stages(BlockKind.BOTTLENECK, new int[] {3, 3, 3}, 512, 8, LaterPresets::same))
        .build();
  }

  /** Zagoruyko and Komodakis 2016. */
  private static Architecture wide(String name, int depth, int factor) {
    if (depth < 10 || depth > MAX_DEPTH || (depth - 4) % 6 != 0 || factor < 1) {
      throw new InvalidInputException(
          "wide-resnet-D-K has a depth D of 6n+4, from 10 to %s, and K from 1, got %s"
              .formatted(MAX_DEPTH, name));
    }
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = 16;
    for (int stage = 0; stage < 3; stage++) {
      int width = (16 << stage) * factor;
      for (int i = 0; i < (depth - 4) / 6; i++) {
        BlockSpec.Builder builder = BlockSpec.builder(BlockKind.PRE_BASIC, width);
        int stride = stage > 0 && i == 0 ? 2 : 1;
        if (stride > 1 || width != channels) {
          builder =
              builder
                  .stride(stride)
                  .shortcut(Shortcut.PROJECTION)
                  .projectionNorm(false)
                  .shortcutInput(ShortcutInput.ACTIVATED);
        }
        blocks.add(builder.build());
        channels = width;
      }
    }
    return Architecture.builder(name)
        .stem(StemSpec.conv3x3(16).withBatchNorm(false))
        .blocks(blocks)
        .head(HeadSpec.normPoolLinear(10))
        .build();
  }

  private static StemSpec plainStem() {
    return StemSpec.conv7x7MaxPool(64);
  }

  private static Architecture resnet50(
      String name, int inner, int groups, StemSpec stem, UnaryOperator<BlockSpec.Layered> change) {
    return Architecture.builder(name)
        .input(Presets.IMAGENET_INPUT)
        .stem(stem)
        .blocks(stages(BlockKind.BOTTLENECK, counts(50), inner, groups, change))
        .head(HeadSpec.poolLinear(IMAGENET_CLASSES))
        .build();
  }

  /** Hu et al. 2018; a sixteenth of the channels between. */
  private static Architecture squeezeExcite(String name) {
    return resnet50(
        name,
        64,
        1,
        plainStem(),
        block -> {
          List<Layer> branch = new ArrayList<>(block.branch());
          int channels = ((Layer.Convolution) branch.get(branch.size() - 2)).channels();
          branch.add(
              new Layer.SqueezeExcitation(
                  "se", channels / 16, Layer.Function.RELU, Layer.Function.SIGMOID));
          return new BlockSpec.Layered(
              block.lead(), branch, block.skip(), block.post(), block.plain(), block.gain());
        });
  }

  /** He et al. 2019, ResNet-D: three 3x3 convolutions, and shortcuts that average before. */
  private static Architecture averagedShortcuts(String name) {
    Layer relu = new Layer.Relu();
    StemSpec stem =
        new StemSpec(
            List.of(
                new Layer.Convolution("conv1", 32, 3, 2),
                new Layer.BatchNorm("bn1"),
                relu,
                new Layer.Convolution("conv2", 32, 3, 1),
                new Layer.BatchNorm("bn2"),
                relu,
                new Layer.Convolution("conv3", 64, 3, 1),
                new Layer.BatchNorm("bn3"),
                relu,
                new Layer.MaxPool(3, 2, 1, false)));
    return resnet50(
        name,
        64,
        1,
        stem,
        block ->
            block.skip().isEmpty() || ((Layer.Convolution) block.skip().get(0)).stride() == 1
                ? block
                : averaged(block));
  }

  private static BlockSpec.Layered averaged(BlockSpec.Layered block) {
    Layer.Convolution projection = (Layer.Convolution) block.skip().get(0);
    return new BlockSpec.Layered(
        block.lead(),
        block.branch(),
        List.of(
            new Layer.AveragePool(2, 2, 0, true, false),
            new Layer.Convolution(projection.name(), projection.channels(), 1, 1),
            block.skip().get(1)),
        block.post(),
        block.plain(),
        block.gain());
  }

  /** A convolution with a bias that keeps the size, and ReLU. */
  private static List<Layer> convolution(int channels, int kernel, boolean norm) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Convolution("conv", channels, kernel, 1, kernel / 2, 1, 1, true));
    if (norm) {
      layers.add(new Layer.BatchNorm("bn"));
    }
    layers.add(new Layer.Relu());
    return layers;
  }

  /** A plain block; deleted, it leaves the channels that it shares with its input. */
  private static BlockSpec plainBlock(List<Layer> layers, int before, List<Layer> post) {
    int channels = ((Layer.Convolution) layers.get(0)).channels();
    List<Layer> standIn =
        channels == before
            ? List.of()
            : channels > before
                ? List.of(new Layer.ZeroPadding(channels, 1, false))
                : List.of(new Layer.FirstChannels(channels));
    return new BlockSpec.Layered(List.of(), layers, standIn, post, true, 1);
  }

  /** AlexNet drops inputs of the first two linear layers, VGG what comes out of their ReLUs. */
  private static HeadSpec fullyConnected(boolean dropsInputs) {
    Layer relu = new Layer.Relu();
    Layer dropout = new Layer.Dropout(0.5);
    List<Layer> layers = new ArrayList<>(List.of(new Layer.Flatten()));
    for (String name : List.of("linear1", "linear2")) {
      Layer linear = new Layer.Linear(name, 4096);
      layers.addAll(dropsInputs ? List.of(dropout, linear, relu) : List.of(linear, relu, dropout));
    }
    layers.add(new Layer.Linear("linear3", IMAGENET_CLASSES));
    return new HeadSpec(layers, IMAGENET_CLASSES);
  }

  /** Krizhevsky 2014, as in torchvision. */
  private static Architecture alexnet(String name) {
    Layer pool = new Layer.MaxPool(3, 2, 0, false);
    return Architecture.builder(name)
        .input(Presets.IMAGENET_INPUT)
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 64, 11, 4, 2, 1, 1, true),
                    new Layer.Relu(),
                    pool)))
        .blocks(
            List.of(
                plainBlock(convolution(192, 5, false), 64, List.of(pool)),
                plainBlock(convolution(384, 3, false), 192, List.of()),
                plainBlock(convolution(256, 3, false), 384, List.of()),
                plainBlock(convolution(256, 3, false), 256, List.of(pool))))
        .head(fullyConnected(true))
        .build();
  }

  /** Simonyan and Zisserman 2015, configuration D. */
  private static Architecture vgg16(String name, boolean norm) {
    int[] widths = {64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512};
    List<Integer> pooled = Ints.asList(1, 3, 6, 9, 12);
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 1; i < widths.length; i++) {
      blocks.add(
          plainBlock(
              convolution(widths[i], 3, norm),
              widths[i - 1],
              pooled.contains(i) ? List.of(new Layer.MaxPool(2, 2, 0, false)) : List.of()));
    }
    return Architecture.builder(name)
        .input(Presets.IMAGENET_INPUT)
        .stem(new StemSpec(convolution(64, 3, norm)))
        .blocks(blocks)
        .head(fullyConnected(false))
        .build();
  }

  /** Liu et al. 2022. */
  private static Architecture convnext(String name, int[] counts, int[] widths) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int stage = 0; stage < counts.length; stage++) {
      int width = widths[stage];
      for (int i = 0; i < counts[stage]; i++) {
        List<Layer> down =
            List.of(
                new Layer.LayerNorm("down.norm", TRANSFORMER_EPSILON),
                new Layer.Convolution("down.conv", width, 2, 2, 0, 1, 1, true));
        List<Layer> branch =
            List.of(
                new Layer.Convolution("conv", width, 7, 1, 3, 1, width, true),
                new Layer.LayerNorm("norm", TRANSFORMER_EPSILON),
                pointwise("fc1", 4 * width),
                new Layer.ActivationFunction(Layer.Function.GELU),
                pointwise("fc2", width),
                new Layer.LayerScale("scale"));
        blocks.add(residual(stage > 0 && i == 0 ? down : List.of(), branch));
      }
    }
    return Architecture.builder(name)
        .input(Presets.IMAGENET_INPUT)
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", widths[0], 4, 4, 0, 1, 1, true),
                    new Layer.LayerNorm("norm", TRANSFORMER_EPSILON))))
        .blocks(blocks)
        .head(
            new HeadSpec(
                List.of(
                    new Layer.GlobalAveragePool(),
                    new Layer.LayerNorm("norm", TRANSFORMER_EPSILON),
                    new Layer.Linear("linear", IMAGENET_CLASSES)),
                IMAGENET_CLASSES))
        .build();
  }

  private static Layer pointwise(String name, int channels) {
    return new Layer.Convolution(name, channels, 1, 1, 0, 1, 1, true);
  }

  private static BlockSpec residual(List<Layer> lead, List<Layer> branch) {
    return new BlockSpec.Layered(lead, branch, List.of(), List.of(), false, 1);
  }

  /** Dosovitskiy et al. 2021: two blocks for each of the 12 layers, attention and MLP. */
  private static Architecture transformer(String name, int heads, int patch, int size) {
    if (patch < 1 || size < patch || size % patch != 0 || size > MAX_SIZE) {
      throw new InvalidInputException(
          "vit-*-PATCH-SIZE has patches that divide the size, at most %s pixels, got %s"
              .formatted(MAX_SIZE, name));
    }
    int width = 64 * heads;
    List<BlockSpec> blocks = new ArrayList<>();
    for (int layer = 0; layer < 12; layer++) {
      blocks.add(
          residual(
              List.of(),
              List.of(
                  new Layer.LayerNorm("norm", TRANSFORMER_EPSILON),
                  new Layer.SelfAttention("attention", heads, true))));
      blocks.add(
          residual(
              List.of(),
              List.of(
                  new Layer.LayerNorm("norm", TRANSFORMER_EPSILON),
                  pointwise("fc1", 4 * width),
                  new Layer.ActivationFunction(Layer.Function.GELU),
                  pointwise("fc2", width))));
    }
    InputSpec usual = Presets.IMAGENET_INPUT;
    return Architecture.builder(name)
        .input(new InputSpec(3, size, size, 0, usual.mean(), usual.std()))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("patches", width, patch, patch, 0, 1, 1, true),
                    new Layer.Tokens(),
                    new Layer.ClassToken("class"),
                    new Layer.PositionEmbedding("position"))))
        .blocks(blocks)
        .head(
            new HeadSpec(
                List.of(
                    new Layer.LayerNorm("norm", TRANSFORMER_EPSILON),
                    new Layer.TokenSelection(0, 1),
                    new Layer.Flatten(),
                    new Layer.Linear("linear", IMAGENET_CLASSES)),
                IMAGENET_CLASSES))
        .build();
  }
}
