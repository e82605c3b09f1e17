package io.github.resnetensembles.djl;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * The networks of src/test/resources/networks, described by hand, and the names of their tensors.
 */
final class CaseNetworks {
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);
  private static final int[] ONCE = {2, 1, 1, 1};

  /**
   * A network and its public names.
   *
   * @param names from the library's own name of a tensor to the file's
   */
  record Case(Architecture architecture, UnaryOperator<String> names) {
    Case mapLayers(UnaryOperator<Layer> change) {
      return new Case(CaseNetworks.mapLayers(architecture, change), names);
    }
  }

  private CaseNetworks() {}

  static Case of(String name) {
    return switch (name) {
      case "plain_names" -> basic(imageNetStem());
      case "stem3x3_no_pool" -> basic(StemSpec.conv3x3(64));
      case "stem3x3_pool" -> basic(pooled(StemSpec.conv3x3(64)));
      case "eps" -> epsilon(basic(imageNetStem()), 1e-3);
      case "silu" -> activated(basic(imageNetStem()), Layer.Function.SILU);
      case "group_norm" -> groupNorm(basic(imageNetStem()), 4);
      case "dilated" -> dilated();
      case "blur_pool" -> blurred();
      case "deep_stem_avg_down" -> deepStem();
      case "v1_bottleneck" -> firstStrided();
      case "resnext" -> resnet(imageNetStem(), ONCE, bottleneck(32, 1, 4));
      case "wide_bottleneck" -> resnet(imageNetStem(), ONCE, bottleneck(16, 1, 1));
      case "squeeze_excite" -> squeezeExcite();
      case "pre_projection" -> preActivation(8, "layer%s.%s", "shortcut.0", "bn", "linear");
      case "wide_resnet" -> preActivation(16, "block%s.layer.%s", "convShortcut", "bn1", "fc");
      case "convnext" -> convnext(1e-6, Layer.Function.GELU);
      case "vit" -> vit(3, 1e-6, Layer.Function.GELU);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static InputSpec input(int size) {
    return new InputSpec(3, size, size, 0, MEAN, STD);
  }

  private static StemSpec imageNetStem() {
    return StemSpec.conv7x7MaxPool(64);
  }

  private static StemSpec pooled(StemSpec stem) {
    List<Layer> layers = new ArrayList<>(stem.layers());
    layers.add(new Layer.MaxPool(3, 2, 1, false));
    return new StemSpec(layers);
  }

  /** Makes the block of a stage, from 0. */
  private interface Stage {
    BlockSpec.Layered block(int stage, int place, int stride, Shortcut shortcut);
  }

  private static Case basic(StemSpec stem) {
    return resnet(stem, ONCE, CaseNetworks::basicBlock);
  }

  private static BlockSpec.Layered basicBlock(int stage, int place, int stride, Shortcut shortcut) {
    return BlockSpec.of(BlockKind.BASIC, 8 + 8 * stage, stride, shortcut);
  }

  private static Stage bottleneck(int inner, int dilation, int groups) {
    return (stage, place, stride, shortcut) ->
        BlockSpec.builder(BlockKind.BOTTLENECK, 32 + 32 * stage)
            .innerWidth(inner + inner * stage)
            .groups(groups)
            .dilation(dilation)
            .stride(stride)
            .shortcut(shortcut)
            .build();
  }

  private static Case resnet(StemSpec stem, int[] counts, Stage stage) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int s = 0; s < counts.length; s++) {
      for (int i = 0; i < counts[s]; i++) {
        boolean first = i == 0;
        blocks.add(
            stage.block(
                s, i, first && s > 0 ? 2 : 1, first ? Shortcut.PROJECTION : Shortcut.IDENTITY));
      }
    }
    Architecture architecture =
        Architecture.builder("case").input(input(32)).stem(stem).blocks(blocks).build();
    return new Case(
        architecture,
        own -> {
          String name = numbered(own, counts, "layer%s.%s", 1);
          return name.replace("stem.conv.", "conv1.")
              .replace("stem.bn.", "bn1.")
              .replace("head.linear.", "fc.")
              .replace("shortcut.conv.", "downsample.0.")
              .replace("shortcut.bn.", "downsample.1.");
        });
  }

  /** {@code blocks.7.x} by stage and place. */
  private static String numbered(String own, int[] counts, String format, int firstStage) {
    if (!own.startsWith("blocks.")) {
      return own;
    }
    String rest = own.substring("blocks.".length());
    int number = Integer.parseInt(rest.substring(0, rest.indexOf('.'))) - 1;
    int stage = 0;
    while (number >= counts[stage]) {
      number -= counts[stage++];
    }
    return format.formatted(stage + firstStage, number) + rest.substring(rest.indexOf('.'));
  }

  static Architecture mapLayers(Architecture architecture, UnaryOperator<Layer> change) {
    UnaryOperator<List<Layer>> all = layers -> layers.stream().map(change).toList();
    return architecture.toBuilder()
        .stem(new StemSpec(all.apply(architecture.stem().layers())))
        .head(new HeadSpec(all.apply(architecture.head().layers()), architecture.head().classes()))
        .mapBlocks(
            spec -> {
              BlockSpec.Layered block = (BlockSpec.Layered) spec;
              return new BlockSpec.Layered(
                  all.apply(block.lead()),
                  all.apply(block.branch()),
                  all.apply(block.skip()),
                  all.apply(block.post()),
                  block.plain(),
                  block.gain());
            })
        .build();
  }

  static Case activated(Case network, Layer.Function function) {
    return network.mapLayers(
        layer -> layer instanceof Layer.Relu ? new Layer.ActivationFunction(function) : layer);
  }

  /** Each BatchNorm with this epsilon as its own. */
  static Case epsilon(Case network, double epsilon) {
    return network.mapLayers(
        layer ->
            layer instanceof Layer.BatchNorm norm
                ? new Layer.BatchNorm(norm.name(), OptionalDouble.of(epsilon))
                : layer);
  }

  static Case groupNorm(Case network, int groups) {
    return network.mapLayers(
        layer ->
            layer instanceof Layer.BatchNorm norm
                ? new Layer.GroupNorm(norm.name(), groups, 1e-5)
                : layer);
  }

  /** The first block of a stage keeps the previous dilation in its first convolution. */
  private static Case dilated() {
    int[] dilations = {1, 1, 2, 4};
    return resnet(
        imageNetStem(),
        ONCE,
        (stage, place, stride, shortcut) -> {
          int dilation = dilations[stage];
          int before = place == 0 && stage > 0 ? dilations[stage - 1] : dilation;
          BlockSpec.Layered block =
              BlockSpec.builder(BlockKind.BASIC, 8 + 8 * stage)
                  .stride(dilation > 1 ? 1 : stride)
                  .dilation(dilation)
                  .shortcut(shortcut)
                  .build();
          return withBranch(
              block,
              layer ->
                  layer instanceof Layer.Convolution c && c.name().equals("conv1")
                      ? List.of(
                          new Layer.Convolution(
                              "conv1", c.channels(), 3, c.stride(), before, before, 1, false))
                      : List.of(layer));
        });
  }

  private interface Replacement {
    List<Layer> of(Layer layer);
  }

  private static BlockSpec.Layered withBranch(BlockSpec.Layered block, Replacement change) {
    return new BlockSpec.Layered(
        block.lead(),
        block.branch().stream().flatMap(layer -> change.of(layer).stream()).toList(),
        block.skip(),
        block.post(),
        block.plain(),
        block.gain());
  }

  /** Strided 3x3 convolutions run at stride 1, and a blur follows their ReLU. */
  private static Case blurred() {
    List<Layer> stem = new ArrayList<>(imageNetStem().layers());
    stem.set(stem.size() - 1, new Layer.MaxPool(3, 1, 1, false));
    stem.add(new Layer.BlurPool(2));
    return resnet(
        new StemSpec(stem),
        ONCE,
        (stage, place, stride, shortcut) ->
            withBranch(
                basicBlock(stage, place, stride, shortcut),
                layer -> {
                  if (layer instanceof Layer.Convolution c && c.stride() > 1) {
                    return List.of(new Layer.Convolution(c.name(), c.channels(), 3, 1));
                  }
                  return layer instanceof Layer.Relu && stride > 1
                      ? List.of(layer, new Layer.BlurPool(2))
                      : List.of(layer);
                }));
  }

  private static Case deepStem() {
    Layer relu = new Layer.Relu();
    StemSpec stem =
        new StemSpec(
            List.of(
                new Layer.Convolution("0", 4, 3, 2),
                new Layer.BatchNorm("1"),
                relu,
                new Layer.Convolution("3", 4, 3, 1),
                new Layer.BatchNorm("4"),
                relu,
                new Layer.Convolution("6", 8, 3, 1),
                new Layer.BatchNorm("bn"),
                relu,
                new Layer.MaxPool(3, 2, 1, false)));
    Case network =
        resnet(
            stem,
            ONCE,
            (stage, place, stride, shortcut) -> {
              BlockSpec.Layered block = bottleneck(8, 1, 1).block(stage, place, stride, shortcut);
              if (shortcut == Shortcut.IDENTITY) {
                return block;
              }
              List<Layer> skip = new ArrayList<>();
              if (stride > 1) {
                skip.add(new Layer.AveragePool(2, 2, 0, true, false));
              }
              skip.add(new Layer.Convolution("shortcut.conv", 32 + 32 * stage, 1, 1));
              skip.add(new Layer.BatchNorm("shortcut.bn"));
              return new BlockSpec.Layered(
                  block.lead(), block.branch(), skip, block.post(), block.plain(), block.gain());
            });
    return new Case(
        network.architecture(),
        own ->
            network
                .names()
                .apply(own)
                .replace("downsample.1.", "downsample.2.")
                .replace("downsample.0.", "downsample.1.")
                .replace("stem.", "conv1."));
  }

  private static Case firstStrided() {
    return resnet(
        StemSpec.conv7x7MaxPool(8),
        new int[] {2, 2},
        (stage, place, stride, shortcut) ->
            withBranch(
                bottleneck(8, 1, 1).block(stage, place, stride, shortcut),
                layer -> {
                  if (!(layer instanceof Layer.Convolution c)) {
                    return List.of(layer);
                  }
                  int own = c.name().equals("conv1") ? stride : 1;
                  return List.of(new Layer.Convolution(c.name(), c.channels(), c.kernel(), own));
                }));
  }

  /** {@code v1_bottleneck} with the stride where it usually is. */
  static Case strideOf3x3() {
    return resnet(StemSpec.conv7x7MaxPool(8), new int[] {2, 2}, bottleneck(8, 1, 1));
  }

  private static Case squeezeExcite() {
    return resnet(
        imageNetStem(),
        ONCE,
        (stage, place, stride, shortcut) ->
            withBranch(
                bottleneck(8, 1, 1).block(stage, place, stride, shortcut),
                layer ->
                    layer.name().equals("bn3")
                        ? List.of(
                            layer,
                            new Layer.SqueezeExcitation(
                                "se", 8, Layer.Function.RELU, Layer.Function.SIGMOID))
                        : List.of(layer)));
  }

  private static Case preActivation(
      int first, String block, String shortcut, String norm, String head) {
    List<BlockSpec> blocks = new ArrayList<>();
    int[] widths = first == 8 ? new int[] {8, 16, 32} : new int[] {16, 24, 32};
    int before = 8;
    for (int stage = 0; stage < 3; stage++) {
      for (int i = 0; i < 2; i++) {
        BlockSpec.Builder builder = BlockSpec.builder(BlockKind.PRE_BASIC, widths[stage]);
        if (i == 0 && widths[stage] != before) {
          builder =
              builder
                  .stride(stage > 0 ? 2 : 1)
                  .shortcut(Shortcut.PROJECTION)
                  .projectionNorm(false)
                  .shortcutInput(ShortcutInput.ACTIVATED);
        }
        blocks.add(builder.build());
        before = widths[stage];
      }
    }
    return new Case(
        Architecture.builder("case")
            .input(input(32))
            .stem(StemSpec.conv3x3(8).withBatchNorm(false))
            .blocks(blocks)
            .head(HeadSpec.normPoolLinear(10))
            .build(),
        own ->
            numbered(own, new int[] {2, 2, 2}, block, 1)
                .replace("stem.conv.", "conv1.")
                .replace("head.bn.", norm + ".")
                .replace("head.linear.", head + ".")
                .replace("shortcut.conv.", shortcut + "."));
  }

  static Case convnext(double epsilon, Layer.Function function) {
    int[] counts = {1, 2, 1, 1};
    List<BlockSpec> blocks = new ArrayList<>();
    for (int stage = 0; stage < 4; stage++) {
      int width = 8 + 8 * stage;
      for (int i = 0; i < counts[stage]; i++) {
        blocks.add(
            new BlockSpec.Layered(
                stage > 0 && i == 0
                    ? List.of(
                        new Layer.LayerNorm("down.0", epsilon),
                        new Layer.Convolution("down.1", width, 2, 2, 0, 1, 1, true))
                    : List.of(),
                List.of(
                    new Layer.Convolution("conv_dw", width, 7, 1, 3, 1, width, true),
                    new Layer.LayerNorm("norm", epsilon),
                    new Layer.Convolution("mlp.fc1", 4 * width, 1, 1, 0, 1, 1, true),
                    new Layer.ActivationFunction(function),
                    new Layer.Convolution("mlp.fc2", width, 1, 1, 0, 1, 1, true),
                    new Layer.LayerScale("scale")),
                List.of(),
                List.of(),
                false,
                1));
      }
    }
    Architecture architecture =
        Architecture.builder("case")
            .input(input(64))
            .stem(
                new StemSpec(
                    List.of(
                        new Layer.Convolution("0", 8, 4, 4, 0, 1, 1, true),
                        new Layer.LayerNorm("1", epsilon))))
            .blocks(blocks)
            .head(
                new HeadSpec(
                    List.of(
                        new Layer.GlobalAveragePool(),
                        new Layer.LayerNorm("norm", epsilon),
                        new Layer.Linear("fc", 10)),
                    10))
            .build();
    return new Case(
        architecture,
        own ->
            numbered(own, counts, "stages.%s.blocks.%s", 0)
                .replace("blocks.0.down.", "downsample.")
                .replace("scale.weight", "gamma"));
  }

  static Case vit(int heads, double epsilon, Layer.Function function) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      blocks.add(
          residual(
              new Layer.LayerNorm("norm1", epsilon), new Layer.SelfAttention("attn", heads, true)));
      blocks.add(
          residual(
              new Layer.LayerNorm("norm2", epsilon),
              new Layer.Convolution("mlp.fc1", 192, 1, 1, 0, 1, 1, true),
              new Layer.ActivationFunction(function),
              new Layer.Convolution("mlp.fc2", 48, 1, 1, 0, 1, 1, true)));
    }
    Architecture architecture =
        Architecture.builder("case")
            .input(input(32))
            .stem(
                new StemSpec(
                    List.of(
                        new Layer.Convolution("patch_embed.proj", 48, 8, 8, 0, 1, 1, true),
                        new Layer.Tokens(),
                        new Layer.ClassToken("cls_token"),
                        new Layer.PositionEmbedding("pos_embed"))))
            .blocks(blocks)
            .head(
                new HeadSpec(
                    List.of(
                        new Layer.LayerNorm("norm", epsilon),
                        new Layer.TokenSelection(0, 1),
                        new Layer.Flatten(),
                        new Layer.Linear("head", 10)),
                    10))
            .build();
    return new Case(
        architecture,
        own ->
            numbered(own, new int[] {2, 2, 2}, "blocks.%s", 0)
                .replace("stem.", "")
                .replace("cls_token.weight", "cls_token")
                .replace("pos_embed.weight", "pos_embed")
                .replace("head.head.", "head.")
                .replace("head.norm.", "norm."));
  }

  private static BlockSpec residual(Layer... layers) {
    return new BlockSpec.Layered(List.of(), List.of(layers), List.of(), List.of(), false, 1);
  }
}
