package io.github.resnetensembles.testkit;

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
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Small networks that together hold every kind of layer, stem, block kind, shortcut, first-block
 * variant, head, odd sizes, and test-time gains other than 1.
 */
public final class TinyNetworks {
  private TinyNetworks() {}

  /** {@return the networks, each with a name of its own} */
  public static List<Architecture> all() {
    return List.of(
        postActivation(),
        bottleneck(),
        preActivation(),
        preActivationActivated(),
        stemOnly(),
        plain(),
        vgg(),
        largeStem(),
        grouped(),
        otherConvolutions(),
        otherFunctions(),
        otherPooling(),
        channelGates(),
        otherNorms(),
        tokens(),
        dropout());
  }

  /** {@return BASIC blocks; three new channels, padded evenly; a gain of 0.75} */
  public static Architecture postActivation() {
    return Architecture.builder("tiny-post-activation")
        .input(input(3, 8, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                block(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                block(BlockKind.BASIC, 7, 2, Shortcut.ZERO_PAD_EVEN),
                block(BlockKind.BASIC, 7, 1, Shortcut.IDENTITY).withGain(0.75)))
        .classes(3)
        .build();
  }

  private static Architecture bottleneck() {
    return Architecture.builder("tiny-bottleneck")
        .input(input(3, 7, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                block(BlockKind.BOTTLENECK, 8, 1, Shortcut.PROJECTION),
                block(BlockKind.BOTTLENECK, 8, 1, Shortcut.IDENTITY),
                block(BlockKind.BOTTLENECK, 12, 2, Shortcut.PROJECTION),
                block(BlockKind.BASIC, 12, 2, Shortcut.PROJECTION)))
        .classes(2)
        .build();
  }

  private static Architecture preActivation() {
    return Architecture.builder("tiny-pre-activation")
        .input(input(3, 8, 6, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                block(BlockKind.PRE_BASIC, 4, 1, Shortcut.IDENTITY).withGain(0.5),
                block(BlockKind.PRE_BASIC, 6, 2, Shortcut.ZERO_PAD_END),
                block(BlockKind.PRE_BASIC, 6, 1, Shortcut.IDENTITY),
                block(BlockKind.PRE_BOTTLENECK, 8, 2, Shortcut.PROJECTION)))
        .head(HeadSpec.normPoolLinear(3))
        .build();
  }

  /** Shortcuts that see the activated input; BatchNorm in block 1 only. */
  private static Architecture preActivationActivated() {
    return Architecture.builder("tiny-pre-activation-activated")
        .input(input(3, 8, 8, 0))
        .stem(StemSpec.conv3x3(4).withBatchNorm(false))
        .blocks(
            List.of(
                activated(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.PROJECTION),
                block(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.IDENTITY),
                activated(BlockKind.PRE_BASIC, 11, 2, Shortcut.ZERO_PAD_EVEN),
                activated(BlockKind.PRE_BASIC, 11, 1, Shortcut.IDENTITY)))
        .head(HeadSpec.normPoolLinear(3))
        .build();
  }

  /** Block 1 begins with its convolution. */
  private static Architecture stemOnly() {
    return Architecture.builder("tiny-stem-only")
        .input(input(1, 8, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                BlockSpec.builder(BlockKind.PRE_BASIC, 4).leadingNorm(false).build(),
                block(BlockKind.PRE_BASIC, 8, 2, Shortcut.ZERO_PAD_END),
                block(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.IDENTITY)))
        .head(HeadSpec.normPoolLinear(2))
        .build();
  }

  private static Architecture plain() {
    return Architecture.builder("tiny-plain")
        .input(input(3, 8, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                block(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY).withPlain(true),
                block(BlockKind.BASIC, 8, 2, Shortcut.ZERO_PAD_EVEN).withPlain(true),
                block(BlockKind.PRE_BASIC, 8, 1, Shortcut.IDENTITY).withPlain(true).withGain(1.25)))
        .classes(3)
        .build();
  }

  /** Pooling of even and odd sizes; one CONV block that is residual. */
  private static Architecture vgg() {
    return Architecture.builder("tiny-vgg")
        .input(input(3, 10, 6, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                conv(4, 1, Shortcut.IDENTITY, true, true),
                conv(6, 1, Shortcut.ZERO_PAD_END, true, false),
                conv(6, 1, Shortcut.IDENTITY, true, true),
                conv(5, 2, Shortcut.PROJECTION, false, false)))
        .head(HeadSpec.hiddenLinear(5, 3))
        .batchNormEpsilon(1e-3)
        .build();
  }

  /** A 7x7 stem with pooling, on a padded input of one channel. */
  private static Architecture largeStem() {
    return Architecture.builder("tiny-large-stem")
        .input(input(1, 11, 12, 1))
        .stem(StemSpec.conv7x7MaxPool(4))
        .blocks(
            List.of(
                block(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                block(BlockKind.BASIC, 8, 2, Shortcut.PROJECTION)))
        .classes(3)
        .build();
  }

  /** Groups, dilation, biases, inner widths of their own, projections without BatchNorm. */
  private static Architecture grouped() {
    BlockSpec.Builder bottleneck =
        BlockSpec.builder(BlockKind.BOTTLENECK, 10).innerWidth(6).groups(3);
    return Architecture.builder("tiny-grouped")
        .input(input(3, 9, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(
            List.of(
                bottleneck.shortcut(Shortcut.PROJECTION).projectionNorm(false).bias(true).build(),
                bottleneck.dilation(2).build(),
                bottleneck.stride(2).shortcut(Shortcut.PROJECTION).projectionNorm(false).build(),
                BlockSpec.builder(BlockKind.PRE_BASIC, 10).innerWidth(7).bias(true).build()))
        .classes(3)
        .build();
  }

  /**
   * Strided kernels of even size without padding that skip and branch see alike, depthwise
   * convolutions, dilated strided ones, groups of one output or of one input, strides of 3, two
   * convolutions without a BatchNorm between.
   */
  private static Architecture otherConvolutions() {
    Layer relu = new Layer.Relu();
    return Architecture.builder("tiny-other-convolutions")
        .input(input(3, 13, 15, 0))
        .stem(new StemSpec(List.of(new Layer.Convolution("conv", 6, 5, 1, 1, 1, 3, true))))
        .blocks(
            List.of(
                new BlockSpec.Layered(
                    List.of(
                        new Layer.BatchNorm("norm"),
                        new Layer.Convolution("down", 8, 2, 2, 0, 1, 1, true)),
                    List.of(
                        new Layer.Convolution("depthwise", 8, 3, 1, 1, 1, 8, false),
                        new Layer.Convolution("expand", 12, 1, 1, 0, 1, 2, true),
                        new Layer.BatchNorm("bn"),
                        relu,
                        new Layer.Convolution("contract", 8, 1, 1)),
                    List.of(),
                    List.of(relu),
                    false,
                    1),
                new BlockSpec.Layered(
                    List.of(),
                    List.of(
                        new Layer.Convolution("dilated", 8, 3, 2, 1, 2, 4, false),
                        relu,
                        new Layer.BatchNorm("bn"),
                        new Layer.Convolution("single", 4, 3, 1, 1, 1, 4, true),
                        new Layer.Convolution("several", 8, 3, 1, 1, 1, 4, false)),
                    List.of(
                        new Layer.Convolution("shortcut", 8, 3, 2, 0, 1, 1, false),
                        new Layer.BatchNorm("shortcut.bn")),
                    List.of(),
                    false,
                    0.5),
                BlockSpec.of(BlockKind.BASIC, 9, 3, Shortcut.ZERO_PAD_EVEN),
                new BlockSpec.Layered(
                    List.of(),
                    List.of(new Layer.Convolution("conv", 5, 3, 1), relu),
                    List.of(new Layer.FirstChannels(5)),
                    List.of(),
                    true,
                    1)))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.GlobalAveragePool(),
                    new Layer.Linear("hidden", 5),
                    relu,
                    new Layer.Linear("linear", 3)),
                3))
        .build();
  }

  /** Every function of single values, also as post, and BatchNorms with an epsilon of their own. */
  private static Architecture otherFunctions() {
    return Architecture.builder("tiny-other-functions")
        .input(input(3, 6, 7, 0))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 4, 3, 1),
                    new Layer.BatchNorm("bn", OptionalDouble.of(0.1)),
                    function(Layer.Function.SILU))))
        .blocks(
            List.of(
                functions(Layer.Function.GELU, Layer.Function.RELU6),
                functions(Layer.Function.GELU_TANH, Layer.Function.SIGMOID),
                functions(Layer.Function.HARD_SWISH, Layer.Function.HARD_SIGMOID),
                new BlockSpec.Layered(
                    List.of(new Layer.BatchNorm("bn1", OptionalDouble.of(0.5)), leaky()),
                    List.of(new Layer.Convolution("conv", 4, 3, 1), function(Layer.Function.SILU)),
                    List.of(),
                    List.of(leaky()),
                    false,
                    1)))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.GlobalAveragePool(),
                    new Layer.Linear("hidden", 5),
                    new Layer.BatchNorm("bn", OptionalDouble.of(0.2)),
                    function(Layer.Function.HARD_SWISH),
                    new Layer.Linear("linear", 3)),
                3))
        .build();
  }

  private static BlockSpec functions(Layer.Function inner, Layer.Function post) {
    return new BlockSpec.Layered(
        List.of(),
        List.of(
            new Layer.Convolution("conv1", 5, 3, 1),
            new Layer.BatchNorm("bn", OptionalDouble.of(1e-3)),
            function(inner),
            new Layer.Convolution("conv2", 4, 1, 1, 0, 1, 1, true)),
        List.of(),
        List.of(function(post)),
        false,
        1);
  }

  private static Layer function(Layer.Function function) {
    return new Layer.ActivationFunction(function);
  }

  private static Layer leaky() {
    return new Layer.LeakyRelu(0.1);
  }

  /** Average, blur and max-pooling in all parts of a network, with and without padding. */
  private static Architecture otherPooling() {
    Layer relu = new Layer.Relu();
    return Architecture.builder("tiny-other-pooling")
        .input(input(3, 17, 14, 0))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 4, 3, 1),
                    relu,
                    new Layer.MaxPool(3, 1, 1, false),
                    new Layer.BlurPool(2))))
        .blocks(
            List.of(
                new BlockSpec.Layered(
                    List.of(),
                    List.of(
                        new Layer.Convolution("conv1", 6, 3, 1),
                        new Layer.BatchNorm("bn1"),
                        relu,
                        new Layer.BlurPool(2),
                        new Layer.Convolution("conv2", 6, 3, 1)),
                    List.of(
                        new Layer.AveragePool(2, 2, 0, true, false),
                        new Layer.Convolution("shortcut.conv", 6, 1, 1),
                        new Layer.BatchNorm("shortcut.bn")),
                    List.of(relu),
                    false,
                    1),
                new BlockSpec.Layered(
                    List.of(new Layer.BlurPool(1)),
                    List.of(
                        new Layer.AveragePool(3, 1, 1, false, true),
                        new Layer.Convolution("conv", 6, 3, 1)),
                    List.of(new Layer.MaxPool(3, 1, 1, false)),
                    List.of(new Layer.AveragePool(3, 2, 1, true, true)),
                    false,
                    0.5),
                new BlockSpec.Layered(
                    List.of(new Layer.AveragePool(2, 1, 1, true, false)),
                    List.of(new Layer.Convolution("conv", 6, 3, 1)),
                    List.of(),
                    List.of(new Layer.BlurPool(3)),
                    false,
                    1)))
        .classes(3)
        .build();
  }

  /** Squeeze-and-excitation with several functions, efficient channel attention, layer scale. */
  private static Architecture channelGates() {
    return Architecture.builder("tiny-channel-gates")
        .input(input(3, 6, 5, 0))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 4, 3, 1),
                    new Layer.SqueezeExcitation(
                        "se", 2, Layer.Function.SILU, Layer.Function.SIGMOID))))
        .blocks(
            List.of(
                new BlockSpec.Layered(
                    List.of(),
                    List.of(
                        new Layer.Convolution("conv", 4, 3, 1),
                        new Layer.BatchNorm("bn"),
                        new Layer.SqueezeExcitation(
                            "se", 3, Layer.Function.GELU, Layer.Function.HARD_SIGMOID)),
                    List.of(),
                    List.of(new Layer.Relu()),
                    false,
                    1),
                new BlockSpec.Layered(
                    List.of(new Layer.ChannelAttention("lead", 5)),
                    List.of(
                        new Layer.Convolution("conv", 6, 3, 2),
                        new Layer.ChannelAttention("eca", 3),
                        new Layer.LayerScale("scale")),
                    List.of(
                        new Layer.Convolution("shortcut", 6, 1, 2),
                        new Layer.LayerScale("shortcut.scale")),
                    List.of(function(Layer.Function.HARD_SWISH)),
                    false,
                    0.5)))
        .classes(3)
        .build();
  }

  /** GroupNorm and LayerNorm in all parts of a network, with epsilons that matter. */
  private static Architecture otherNorms() {
    Layer relu = new Layer.Relu();
    return Architecture.builder("tiny-other-norms")
        .input(input(3, 8, 7, 0))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 4, 2, 2, 0, 1, 1, true),
                    new Layer.LayerNorm("norm", 0.1))))
        .blocks(
            List.of(
                new BlockSpec.Layered(
                    List.of(),
                    List.of(
                        new Layer.Convolution("depthwise", 4, 3, 1, 1, 1, 4, true),
                        new Layer.LayerNorm("norm", 1e-2),
                        new Layer.Convolution("expand", 7, 1, 1, 0, 1, 1, true),
                        function(Layer.Function.GELU),
                        new Layer.Convolution("contract", 4, 1, 1, 0, 1, 1, true),
                        new Layer.LayerScale("scale")),
                    List.of(),
                    List.of(),
                    false,
                    1),
                new BlockSpec.Layered(
                    List.of(
                        new Layer.LayerNorm("down.norm", 0.2),
                        new Layer.Convolution("down.conv", 6, 2, 2, 0, 1, 1, true)),
                    List.of(
                        new Layer.GroupNorm("norm", 3, 0.3),
                        relu,
                        new Layer.Convolution("conv", 6, 3, 1)),
                    List.of(new Layer.GroupNorm("skip", 1, 0.5)),
                    List.of(new Layer.Relu()),
                    false,
                    0.5)))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.GlobalMaxPool(),
                    new Layer.LayerNorm("norm", 0.1),
                    new Layer.Linear("linear", 3)),
                3))
        .build();
  }

  /** A vision transformer, and attention among an image's pixels; layers of images in the head. */
  private static Architecture tokens() {
    return Architecture.builder("tiny-tokens")
        .input(input(3, 6, 4, 0))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("patches", 6, 2, 2, 0, 1, 1, true),
                    new Layer.SelfAttention("pixels", 2, false),
                    new Layer.Tokens(),
                    new Layer.ClassToken("class"),
                    new Layer.PositionEmbedding("position"))))
        .blocks(
            List.of(
                transformer(new Layer.SelfAttention("attention", 3, true)),
                transformer(
                    new Layer.Convolution("fc1", 9, 1, 1, 0, 1, 1, true),
                    function(Layer.Function.GELU),
                    new Layer.Convolution("fc2", 6, 1, 1, 0, 1, 1, true)),
                transformer(new Layer.SelfAttention("attention", 1, false))))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.LayerNorm("norm", 1e-6),
                    new Layer.TokenSelection(0, 2),
                    new Layer.GlobalAveragePool(),
                    new Layer.Convolution("conv", 5, 1, 1, 0, 1, 1, true),
                    new Layer.BatchNorm("bn"),
                    function(Layer.Function.HARD_SWISH),
                    new Layer.LayerScale("scale"),
                    new Layer.Linear("linear", 3)),
                3))
        .build();
  }

  /** {@return dropout of images, of rows, and behind an activation} */
  public static Architecture dropout() {
    return Architecture.builder("tiny-dropout")
        .input(input(3, 8, 8, 0))
        .stem(StemSpec.conv3x3(4))
        .blocks(List.of(block(BlockKind.BASIC, 4, 2, Shortcut.PROJECTION)))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.Dropout(0.25),
                    new Layer.Flatten(),
                    new Layer.Dropout(0.2),
                    new Layer.Linear("linear1", 8),
                    new Layer.Relu(),
                    new Layer.Dropout(0.5),
                    new Layer.Linear("linear2", 3)),
                3))
        .build();
  }

  private static BlockSpec transformer(Layer... layers) {
    List<Layer> branch = new ArrayList<>(List.of(new Layer.LayerNorm("norm", 1e-2)));
    branch.addAll(List.of(layers));
    return new BlockSpec.Layered(List.of(), branch, List.of(), List.of(), false, 1);
  }

  private static InputSpec input(int channels, int height, int width, int padding) {
    return new InputSpec(
        channels,
        height,
        width,
        padding,
        Collections.nCopies(channels, 0.45),
        Collections.nCopies(channels, 0.25));
  }

  private static BlockSpec.Layered block(BlockKind kind, int width, int stride, Shortcut shortcut) {
    return BlockSpec.of(kind, width, stride, shortcut);
  }

  private static BlockSpec.Layered activated(
      BlockKind kind, int width, int stride, Shortcut shortcut) {
    return BlockSpec.builder(kind, width)
        .stride(stride)
        .shortcut(shortcut)
        .shortcutInput(ShortcutInput.ACTIVATED)
        .build();
  }

  private static BlockSpec.Layered conv(
      int width, int stride, Shortcut shortcut, boolean plain, boolean maxPool) {
    return BlockSpec.builder(BlockKind.CONV, width)
        .stride(stride)
        .shortcut(shortcut)
        .plain(plain)
        .maxPool(maxPool)
        .build();
  }
}
