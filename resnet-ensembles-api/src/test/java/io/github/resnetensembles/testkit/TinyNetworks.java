package io.github.resnetensembles.testkit;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.Collections;
import java.util.List;

/**
 * Small networks that together hold every stem, block kind, shortcut, first-block variant, head,
 * odd sizes, and test-time gains other than 1.
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
        largeStem());
  }

  /** {@return BASIC blocks; three new channels, padded evenly; a gain of 0.75} */
  public static Architecture postActivation() {
    return Architecture.builder("tiny-post-activation")
        .input(input(3, 8, 8, 0))
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
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
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
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
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
        .blocks(
            List.of(
                block(BlockKind.PRE_BASIC, 4, 1, Shortcut.IDENTITY).withGain(0.5),
                block(BlockKind.PRE_BASIC, 6, 2, Shortcut.ZERO_PAD_END),
                block(BlockKind.PRE_BASIC, 6, 1, Shortcut.IDENTITY),
                block(BlockKind.PRE_BOTTLENECK, 8, 2, Shortcut.PROJECTION)))
        .head(new HeadSpec(HeadSpec.Kind.NORM_POOL_LINEAR, 0, 3))
        .build();
  }

  /** Shortcuts that see the activated input; BatchNorm in block 1 only. */
  private static Architecture preActivationActivated() {
    return Architecture.builder("tiny-pre-activation-activated")
        .input(input(3, 8, 8, 0))
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, false))
        .blocks(
            List.of(
                block(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.PROJECTION)
                    .withShortcutInput(ShortcutInput.ACTIVATED),
                block(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.IDENTITY),
                block(BlockKind.PRE_BASIC, 11, 2, Shortcut.ZERO_PAD_EVEN)
                    .withShortcutInput(ShortcutInput.ACTIVATED),
                block(BlockKind.PRE_BASIC, 11, 1, Shortcut.IDENTITY)
                    .withShortcutInput(ShortcutInput.ACTIVATED)))
        .head(new HeadSpec(HeadSpec.Kind.NORM_POOL_LINEAR, 0, 3))
        .build();
  }

  /** Block 1 begins with its convolution. */
  private static Architecture stemOnly() {
    return Architecture.builder("tiny-stem-only")
        .input(input(1, 8, 8, 0))
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
        .blocks(
            List.of(
                block(BlockKind.PRE_BASIC, 4, 1, Shortcut.IDENTITY).withLeadingNorm(false),
                block(BlockKind.PRE_BASIC, 8, 2, Shortcut.ZERO_PAD_END),
                block(BlockKind.PRE_BOTTLENECK, 8, 1, Shortcut.IDENTITY)))
        .head(new HeadSpec(HeadSpec.Kind.NORM_POOL_LINEAR, 0, 2))
        .build();
  }

  private static Architecture plain() {
    return Architecture.builder("tiny-plain")
        .input(input(3, 8, 8, 0))
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
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
        .stem(new StemSpec(StemSpec.Kind.CONV_3X3, 4, true))
        .blocks(
            List.of(
                conv(4, 1, Shortcut.IDENTITY, true, true),
                conv(6, 1, Shortcut.ZERO_PAD_END, true, false),
                conv(6, 1, Shortcut.IDENTITY, true, true),
                conv(5, 2, Shortcut.PROJECTION, false, false)))
        .head(new HeadSpec(HeadSpec.Kind.HIDDEN_LINEAR, 5, 3))
        .batchNormEpsilon(1e-3)
        .build();
  }

  /** A 7x7 stem with pooling, on a padded input of one channel. */
  private static Architecture largeStem() {
    return Architecture.builder("tiny-large-stem")
        .input(input(1, 11, 12, 1))
        .stem(new StemSpec(StemSpec.Kind.CONV_7X7_MAX_POOL, 4, true))
        .blocks(
            List.of(
                block(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                block(BlockKind.BASIC, 8, 2, Shortcut.PROJECTION)))
        .classes(3)
        .build();
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
    return new BlockSpec.Layered(kind, width, stride, shortcut);
  }

  private static BlockSpec.Layered conv(
      int width, int stride, Shortcut shortcut, boolean plain, boolean maxPool) {
    return new BlockSpec.Layered(
        BlockKind.CONV, width, stride, shortcut, ShortcutInput.RAW, true, plain, maxPool, 1);
  }
}
