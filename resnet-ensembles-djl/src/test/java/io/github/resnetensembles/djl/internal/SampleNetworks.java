package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Architecture.FirstBlock;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Small networks of every kind of block, shortcut, stem and head. */
final class SampleNetworks {
  private static final InputSpec INPUT =
      new InputSpec(3, 8, 8, 0, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2));

  private SampleNetworks() {}

  static Map<String, Architecture> all() {
    Map<String, Architecture> all = new LinkedHashMap<>();
    for (String name :
        List.of(
            "resnet-8",
            "preresnet-8",
            "plain-8",
            "resnet-bottleneck-11",
            "preresnet-bottleneck-11")) {
      all.put(name, small(Architecture.of(name)));
    }
    all.put("vgg-15", small(Architecture.of("vgg-15")));
    // Odd sizes: strides and poolings round.
    all.put(
        "odd sizes",
        Architecture.of("vgg-15").toBuilder()
            .name("odd sizes")
            .input(new InputSpec(1, 7, 9, 2, List.of(0.5), List.of(0.2)))
            .build());
    for (String name : List.of("imagenet-resnet-18", "imagenet-resnet-50")) {
      all.put(name, narrow(Architecture.of(name)));
    }
    for (Shortcut shortcut : Shortcut.values()) {
      for (BlockKind kind : BlockKind.values()) {
        boolean plain = kind == BlockKind.CONV;
        if (shortcut == Shortcut.IDENTITY || (plain && shortcut == Shortcut.PROJECTION)) {
          continue;
        }
        all.put(kind + " " + shortcut, ofKind(kind, shortcut, plain, ShortcutInput.RAW));
        if (kind.preActivation()) {
          all.put(
              kind + " " + shortcut + " activated",
              ofKind(kind, shortcut, false, ShortcutInput.ACTIVATED));
        }
      }
    }
    for (FirstBlock variant : FirstBlock.values()) {
      all.put(
          "preresnet-8 " + variant,
          small(Architecture.preResnet(8)).toBuilder().firstBlock(variant).build());
    }
    all.put("residual CONV", residualConvolutions());
    all.put(
        "gains", small(Architecture.resnet(8)).toBuilder().gains(List.of(0.9, 0.5, -0.7)).build());
    return all;
  }

  static Architecture named(String name) {
    return Objects.requireNonNull(all().get(name), name);
  }

  private static InputSpec large() {
    return new InputSpec(3, 37, 33, 0, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2));
  }

  /** With an eighth of the channels: how many there are changes no formula. */
  private static Architecture narrow(Architecture preset) {
    return preset.toBuilder()
        .input(large())
        .stem(new StemSpec(narrow(preset.stem().layers())))
        .mapBlocks(
            spec -> {
              BlockSpec.Layered block = (BlockSpec.Layered) spec;
              return new BlockSpec.Layered(
                  block.lead(),
                  narrow(block.branch()),
                  narrow(block.skip()),
                  block.post(),
                  false,
                  1);
            })
        .classes(7)
        .build();
  }

  private static List<Layer> narrow(List<Layer> layers) {
    return layers.stream()
        .<Layer>map(
            layer ->
                layer instanceof Layer.Convolution c
                    ? new Layer.Convolution(c.name(), c.channels() / 8, c.kernel(), c.stride())
                    : layer)
        .toList();
  }

  private static Architecture small(Architecture preset) {
    return preset.toBuilder().input(INPUT).build();
  }

  /** Stride 2 with more channels, stride 2 with as many, stride 1 with more. */
  private static Architecture ofKind(
      BlockKind kind, Shortcut shortcut, boolean plain, ShortcutInput shortcutInput) {
    List<BlockSpec> blocks = new ArrayList<>();
    int[][] shapes = {{8, 1}, {20, 2}, {20, 2}, {28, 1}, {28, 1}};
    int channels = 8;
    for (int[] shape : shapes) {
      boolean same = shape[0] == channels && shape[1] == 1;
      ShortcutInput seen = same && blocks.size() == 4 ? shortcutInput : ShortcutInput.RAW;
      blocks.add(
          BlockSpec.builder(kind, shape[0])
              .stride(shape[1])
              .shortcut(same ? Shortcut.IDENTITY : shortcut)
              .shortcutInput(same ? seen : shortcutInput)
              .plain(plain)
              .build());
      channels = shape[0];
    }
    boolean pre = kind.preActivation();
    return Architecture.builder(kind + " " + shortcut + " " + shortcutInput)
        .input(INPUT)
        .stem(StemSpec.conv3x3(8))
        .blocks(blocks)
        .head(pre ? HeadSpec.normPoolLinear(5) : HeadSpec.poolLinear(5))
        .batchNormEpsilon(1e-4)
        .build();
  }

  /** CONV blocks with skip connections, with and without pooling. */
  private static Architecture residualConvolutions() {
    BlockSpec.Builder pooling = BlockSpec.builder(BlockKind.CONV, 24).maxPool(true);
    return Architecture.builder("residual CONV")
        .input(INPUT)
        .blocks(
            List.of(
                BlockSpec.of(BlockKind.CONV, 16, 1, Shortcut.IDENTITY),
                pooling.stride(2).shortcut(Shortcut.PROJECTION).build(),
                pooling.gain(0.5).build()))
        .build();
  }

  static Network open(Architecture architecture, Precision precision) {
    return open(architecture, precision, 2);
  }

  static Network open(Architecture architecture, Precision precision, int threads) {
    return new DjlBackend()
        .network(new RandomWeights(architecture, 7), new ModelOptions("cpu", precision, threads));
  }

  static float[] pixels(Architecture architecture, int images, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[images * architecture.input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  static double[] values(FeatureShape shape, int images, long seed) {
    return new Random(seed).doubles((long) images * shape.size(), -1, 1).toArray();
  }
}
