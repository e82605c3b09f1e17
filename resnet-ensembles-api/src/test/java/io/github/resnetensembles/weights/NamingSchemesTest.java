package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks whose tensors have the names of other libraries are read as they are. */
class NamingSchemesTest {
  private static final int CLASSES = 4;
  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(.+)");

  @TempDir private Path folder;

  /** How a library calls a tensor of a block, counted from 0, and of the rest. */
  private interface Names {
    String of(int block, String rest);
  }

  /** The tensors of a network under other names; linear layers are matrices there. */
  private static Map<String, NamedTensor> renamed(Weights weights, Names names) {
    Map<String, NamedTensor> file = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (own, tensor) -> {
              Matcher block = BLOCK.matcher(own);
              String name =
                  block.matches()
                      ? names.of(Integer.parseInt(block.group(1)) - 1, block.group(2))
                      : names.of(-1, own);
              List<Integer> shape = tensor.shape();
              boolean matrix = own.contains(".fc") && shape.size() == 4;
              file.put(name, tensor(name, matrix ? shape.subList(0, 2) : shape, tensor.floats()));
            });
    return file;
  }

  private static NamedTensor tensor(String name, List<Integer> shape, float[] values) {
    return NamedTensor.of(name, shape, values);
  }

  private Weights read(Map<String, NamedTensor> tensors, String... assumptions) throws IOException {
    Path file = folder.resolve("network.safetensors");
    Files.write(file, WeightFiles.safetensors(tensors));
    Weights.Loader loader = Weights.from(file);
    for (String assumption : assumptions) {
      String[] sides = assumption.split("=", -1);
      loader = loader.assume(sides[0], sides[1]);
    }
    return loader.load();
  }

  private void assertReads(Architecture own, Names names, String... assumptions)
      throws IOException {
    assertSame(read(renamed(Weights.initialised(own, 3), names), assumptions), own);
  }

  private static void assertSame(Weights read, Architecture own) {
    Architecture found = read.architecture();
    assertThat(found.toBuilder().name(own.name()).build())
        .isEqualTo(own.toBuilder().input(found.input()).build());
    assertThat(read.sha256()).isEqualTo(Weights.initialised(own, 3).sha256());
  }

  /** {@code blocks.7} by stage and index, with stages of two blocks. */
  private static String staged(int block, String format, int firstStage) {
    return format.formatted(firstStage + block / 2, block % 2);
  }

  private static Architecture residual(BlockKind kind, StemSpec stem) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blocks.add(
          BlockSpec.of(
              kind,
              i < 2 ? 8 : 16,
              i == 2 ? 2 : 1,
              i == 2 || (kind.expansion() > 1 && i == 0)
                  ? Shortcut.PROJECTION
                  : Shortcut.IDENTITY));
    }
    return Architecture.builder("own")
        .input(Architecture.of("imagenet-resnet-18").input())
        .stem(stem)
        .blocks(blocks)
        .head(HeadSpec.poolLinear(CLASSES))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"downsample", "shortcut"})
  void residualNetworks(String shortcut) throws IOException {
    assertReads(
        residual(BlockKind.BASIC, StemSpec.conv7x7MaxPool(8)),
        (block, rest) ->
            block < 0
                ? rest.replace("stem.conv.", "conv1.")
                    .replace("stem.bn.", "bn1.")
                    .replace("head.linear.", "fc.")
                : staged(block, "layer%s.%s.", 1)
                    + rest.replace("shortcut.conv.", shortcut + ".0.")
                        .replace("shortcut.bn.", shortcut + ".1."));
  }

  @Test
  void residualNetworksOfHuggingFace() throws IOException {
    String[] convolutions = {"conv1.", "conv2.", "conv3."};
    assertReads(
        residual(BlockKind.BOTTLENECK, StemSpec.conv7x7MaxPool(4)),
        (block, rest) -> {
          if (block < 0) {
            return rest.startsWith("head")
                ? rest.replace("head.linear.", "classifier.1.")
                : "resnet."
                    + rest.replace("stem.conv.", "embedder.embedder.convolution.")
                        .replace("stem.bn.", "embedder.embedder.normalization.");
          }
          String name = rest.replace("shortcut.bn.", "shortcut.normalization.");
          name = name.replace("shortcut.conv.", "shortcut.convolution.");
          for (int i = 0; i < convolutions.length; i++) {
            name = name.replace(convolutions[i], "layer." + i + ".convolution.");
            name = name.replace("bn" + (i + 1) + ".", "layer." + i + ".normalization.");
          }
          return "resnet." + staged(block, "encoder.stages.%s.layers.%s.", 0) + name;
        });
  }

  @Test
  void wideNetworks() throws IOException {
    assertReads(
        Architecture.of("wide-resnet-16-2").toBuilder().classes(CLASSES).build(),
        (block, rest) ->
            block < 0
                ? rest.replace("stem.conv.", "conv1.")
                    .replace("head.bn.", "bn1.")
                    .replace("head.linear.", "fc.")
                : staged(block, "block%s.layer.%s.", 1)
                    + rest.replace("shortcut.conv.", "convShortcut."));
  }

  private static final StemSpec DEEP =
      new StemSpec(
          List.of(
              new Layer.Convolution("conv1", 4, 3, 2),
              new Layer.BatchNorm("bn1"),
              new Layer.Relu(),
              new Layer.Convolution("conv2", 4, 3, 1),
              new Layer.BatchNorm("bn2"),
              new Layer.Relu(),
              new Layer.Convolution("conv3", 8, 3, 1),
              new Layer.BatchNorm("bn3"),
              new Layer.Relu(),
              new Layer.MaxPool(3, 2, 1, false)));

  /** The second layer of a shortcut is the projection: a pool without tensors comes first. */
  @Test
  void threeConvolutionsInTheStemAndPoolsInShortcuts() throws IOException {
    Architecture own =
        residual(BlockKind.BASIC, DEEP).toBuilder()
            .mapBlocks(
                spec -> {
                  BlockSpec.Layered block = (BlockSpec.Layered) spec;
                  return block.skip().isEmpty()
                      ? block
                      : new BlockSpec.Layered(
                          block.lead(),
                          block.branch(),
                          List.of(
                              new Layer.AveragePool(2, 2, 0, true, false),
                              new Layer.Convolution("shortcut.conv", 16, 1, 1),
                              block.skip().get(1)),
                          block.post(),
                          block.plain(),
                          block.gain());
                })
            .build();
    String[] stem = {"conv1.", "bn1.", "conv2.", "bn2.", "conv3."};
    String[] there = {"conv1.0.", "conv1.1.", "conv1.3.", "conv1.4.", "conv1.6."};
    assertReads(
        own,
        (block, rest) -> {
          if (block >= 0) {
            return staged(block, "layer%s.%s.", 1)
                + rest.replace("shortcut.conv.", "downsample.1.")
                    .replace("shortcut.bn.", "downsample.2.");
          }
          for (int i = 0; i < stem.length; i++) {
            if (rest.startsWith("stem." + stem[i])) {
              return rest.replace("stem." + stem[i], there[i]);
            }
          }
          return rest.replace("stem.bn3.", "bn1.").replace("head.linear.", "fc.");
        });
  }

  private static Architecture convnext() {
    return Architecture.of("convnext-atto").toBuilder().classes(CLASSES).build();
  }

  private static final int[] ATTO = {2, 2, 6, 2};

  private static String stage(int block, String format, int times, int plus) {
    int stage = 0;
    int index = block;
    while (index >= ATTO[stage]) {
      index -= ATTO[stage++];
    }
    return format.formatted(times * stage + plus, index);
  }

  @Test
  void convnextsOfTimm() throws IOException {
    assertReads(
        convnext(),
        (block, rest) ->
            block < 0
                ? rest.replace("stem.conv.", "stem.0.")
                    .replace("stem.norm.", "stem.1.")
                    .replace("head.linear.", "head.fc.")
                : rest.startsWith("down.")
                    ? stage(block, "stages.%s.", 1, 0)
                        + rest.replace("down.norm.", "downsample.0.")
                            .replace("down.conv.", "downsample.1.")
                    : stage(block, "stages.%s.blocks.%s.", 1, 0)
                        + (rest.startsWith("conv.")
                            ? rest.replace("conv.", "conv_dw.")
                            : rest.replace("fc", "mlp.fc").replace("scale.weight", "gamma")));
  }

  @Test
  void convnextsOfTorchvision() throws IOException {
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(convnext(), 3),
            (block, rest) ->
                block < 0
                    ? rest.replace("stem.conv.", "features.0.0.")
                        .replace("stem.norm.", "features.0.1.")
                        .replace("head.norm.", "classifier.0.")
                        .replace("head.linear.", "classifier.2.")
                    : rest.startsWith("down.")
                        ? stage(block, "features.%s.", 2, 0)
                            + rest.replace("down.norm.", "0.").replace("down.conv.", "1.")
                        : stage(block, "features.%s.%s.", 2, 1)
                            + rest.replace("conv.", "block.0.")
                                .replace("norm.", "block.2.")
                                .replace("fc1.", "block.3.")
                                .replace("fc2.", "block.5.")
                                .replace("scale.weight", "layer_scale"));
    tensors.replaceAll(
        (name, tensor) ->
            name.endsWith("layer_scale")
                ? tensor(name, List.of(tensor.shape().get(0), 1, 1), tensor.floats())
                : tensor);
    assertSame(read(tensors), convnext());
  }

  private static Architecture transformer() {
    return Architecture.of("vit-ti-8-16").toBuilder().classes(CLASSES).build();
  }

  @Test
  void transformersOfTimm() throws IOException {
    assertReads(
        transformer(),
        (block, rest) ->
            block < 0
                ? rest.replace("stem.patches.", "patch_embed.proj.")
                    .replace("stem.class.weight", "cls_token")
                    .replace("stem.position.weight", "pos_embed")
                    .replace("head.norm.", "norm.")
                    .replace("head.linear.", "head.")
                : "blocks." + block / 2 + "." + half(block, rest, "attn.", "mlp.fc1.", "mlp.fc2."));
  }

  private static String half(int block, String rest, String attention, String fc1, String fc2) {
    return rest.replace("attention.", attention)
        .replace("fc1.", fc1)
        .replace("fc2.", fc2)
        .replace("norm.", block % 2 == 0 ? "norm1." : "norm2.");
  }

  @Test
  void transformersOfTorchvision() throws IOException {
    assertReads(
        transformer(),
        (block, rest) ->
            block < 0
                ? rest.replace("stem.patches.", "conv_proj.")
                    .replace("stem.class.weight", "class_token")
                    .replace("stem.position.weight", "encoder.pos_embedding")
                    .replace("head.norm.", "encoder.ln.")
                    .replace("head.linear.", "heads.head.")
                : "encoder.layers.encoder_layer_"
                    + block / 2
                    + "."
                    + half(block, rest, "self_attention.", "mlp.0.", "mlp.3.")
                        .replace("norm", "ln_")
                        .replace("qkv.", "in_proj_")
                        .replace(".proj.", ".out_proj."));
  }

  /** Query, key and value are tensors of their own there, and epsilon is another. */
  @Test
  void transformersOfHuggingFace() throws IOException {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    renamed(
            Weights.initialised(transformer(), 3),
            (block, rest) ->
                block < 0
                    ? rest.startsWith("head.linear.")
                        ? rest.replace("head.linear.", "classifier.")
                        : "vit."
                            + rest.replace(
                                    "stem.patches.", "embeddings.patch_embeddings.projection.")
                                .replace("stem.class.weight", "embeddings.cls_token")
                                .replace("stem.position.weight", "embeddings.position_embeddings")
                                .replace("head.norm.", "layernorm.")
                    : "vit.encoder.layer."
                        + block / 2
                        + "."
                        + half(block, rest, "attention.", "intermediate.dense.", "output.dense.")
                            .replace("norm1", "layernorm_before")
                            .replace("norm2", "layernorm_after")
                            .replace("attention.proj.", "attention.output.dense."))
        .forEach(
            (name, tensor) -> {
              if (!name.contains("attention.qkv.")) {
                tensors.put(name, tensor);
                return;
              }
              List<Integer> shape = new ArrayList<>(tensor.shape());
              shape.set(0, shape.get(0) / 3);
              float[] values = tensor.floats();
              String[] parts = {"query", "key", "value"};
              for (int i = 0; i < 3; i++) {
                String part =
                    name.replace("attention.qkv.", "attention.attention." + parts[i] + ".");
                int size = values.length / 3;
                tensors.put(
                    part,
                    tensor(part, shape, Arrays.copyOfRange(values, i * size, (i + 1) * size)));
              }
            });

    Weights read = read(tensors, "eps=1e-6");

    assertSame(read, transformer());
    assertThat(read(tensors).assumed()).containsEntry("eps", "1e-12").containsEntry("heads", "3");
  }

  private static List<Layer> convolution(int channels, boolean norm) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Convolution("conv", channels, 3, 1, 1, 1, 1, true));
    if (norm) {
      layers.add(new Layer.BatchNorm("bn"));
    }
    layers.add(new Layer.Relu());
    return layers;
  }

  /** Pools have no tensors: the numbers leave room for them. */
  @ParameterizedTest
  @CsvSource({"false, 0-2-5-8-10", "true, 0-3-7-11-14"})
  void plainNetworks(boolean norm, String numbers) throws IOException {
    int[] widths = {4, 4, 8, 6, 6};
    List<Layer> pool = List.of(new Layer.MaxPool(2, 2, 0, false));
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 1; i < widths.length; i++) {
      List<Layer> standIn =
          widths[i] == widths[i - 1]
              ? List.of()
              : widths[i] > widths[i - 1]
                  ? List.of(new Layer.ZeroPadding(widths[i], 1, false))
                  : List.of(new Layer.FirstChannels(widths[i]));
      blocks.add(
          new BlockSpec.Layered(
              List.of(),
              convolution(widths[i], norm),
              standIn,
              i == 3 ? List.of() : pool,
              true,
              1));
    }
    Architecture own =
        Architecture.builder("own")
            .input(Architecture.of("imagenet-resnet-18").input().withSize(32))
            .stem(new StemSpec(convolution(4, norm)))
            .blocks(blocks)
            .head(
                new HeadSpec(
                    List.of(
                        new Layer.Flatten(),
                        new Layer.Linear("linear1", 12),
                        new Layer.Relu(),
                        new Layer.Linear("linear2", CLASSES)),
                    CLASSES))
            .build();
    String[] layers = numbers.split("-", -1);
    assertReads(
        own,
        (block, rest) -> {
          if (rest.startsWith("head")) {
            return rest.replace("head.linear1.", "classifier.0.")
                .replace("head.linear2.", "classifier.3.");
          }
          int number = Integer.parseInt(layers[block + 1]);
          String layer = rest.replace("stem.", "");
          return "features."
              + (layer.startsWith("bn.") ? number + 1 : number)
              + layer.substring(layer.indexOf('.'));
        },
        "image-size=32");
  }

  @Test
  void whatIsNearestIsNamed() {
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(Architecture.of("wide-resnet-10-1"), 1),
            (block, rest) ->
                block < 0
                    ? rest.replace("stem.conv.", "first.")
                    : "block1.layer." + block + "." + rest);
    assertThatThrownBy(() -> read(tensors))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("'first.weight'")
        .hasMessageContaining("the nearest names are those of Wide ResNets");
  }

  @Test
  void numbersThatAreNoneAreNoNames() {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "blocks.99999999999.norm1.weight",
        tensor("blocks.99999999999.norm1.weight", List.of(1), new float[1]));
    assertThatThrownBy(() -> read(tensors))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("not recognised: 'blocks.99999999999.norm1.weight'");
  }

  @Test
  void missingBlocksAreFound() {
    Map<String, NamedTensor> tensors = WeightFiles.torchNamed();
    tensors.keySet().removeIf(name -> name.startsWith("layer1.0."));
    assertThatThrownBy(() -> read(tensors))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("none of the first stage");
  }

  @ParameterizedTest
  @CsvSource({
    "stem-pol=max, 'nothing named ''stem-pol'' can be assumed; there are stem-stride, stem-pool,'",
    "stem-pool=avg, 'stem-pool is max|none, got ''avg'''",
    "eps=-1, 'eps is a positive number, got ''-1'''",
    "eps=1e-400, eps is a positive number",
    "dilation=1x0, 'dilation is numbers such as 1x1x2x4, got ''1x0'''",
    "heads=many, heads is a number",
    "image-size=0, image-size is a number of pixels"
  })
  void whatCannotBeAssumedIsRefused(String assumption, String message) {
    assertThatThrownBy(() -> read(WeightFiles.torchNamed(), assumption))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "heads=3, nothing is assumed of these tensors that heads could change",
    "dilation=1x2, dilation=1x2 has 2 numbers"
  })
  void whatSaysNothingOfTheNetworkIsRefused(String assumption, String message) {
    assertThatThrownBy(() -> read(WeightFiles.torchNamed(), assumption))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void oneSettingIsSaidOnce() throws IOException {
    Path file = folder.resolve("network.safetensors");
    Files.write(file, WeightFiles.safetensors(WeightFiles.torchNamed()));
    Weights.Loader loader = Weights.from(file).assume("eps", "1e-3");
    assertThatThrownBy(() -> loader.assume("eps", "1e-3"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("eps is assumed twice; say it once");
    Weights.Loader both =
        Weights.from(file).shortcutInput(ShortcutInput.RAW).assume("shortcut-input", "raw");
    assertThatThrownBy(both::load)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("said twice");
  }

  @Test
  void whatIsDescribedLeavesNothingToAssume() throws IOException {
    Path file = folder.resolve("own.safetensors");
    Weights.initialised(Architecture.resnet(8), 1).save(file);
    assertThat(Weights.of(file).assumed()).isEmpty();
    assertThatThrownBy(() -> Weights.from(file).assume("eps", "1e-3").load())
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("nothing is assumed of these tensors that eps could change; leave");
    assertThat(read(WeightFiles.torchNamed(), "eps=1e-3").architecture().batchNormEpsilon())
        .isEqualTo(1e-3);
  }
}
