package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  /** As timm does it: a mean in place of the stem's maximum, a filter behind it. */
  @Test
  void whatHalvesWithoutAliasing() throws IOException {
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(residual(BlockKind.BASIC, StemSpec.conv7x7MaxPool(8)), 3),
            (block, rest) ->
                block < 0
                    ? rest.replace("stem.conv.", "conv1.")
                        .replace("stem.bn.", "bn1.")
                        .replace("head.linear.", "fc.")
                    : staged(block, "layer%s.%s.", 1)
                        + rest.replace("shortcut.conv.", "shortcut.0.")
                            .replace("shortcut.bn.", "shortcut.1."));
    Layer mean = new Layer.AveragePool(2, 2, 0, false, false);
    assertThat(read(tensors, "anti-alias=avg").architecture().stem().layers())
        .endsWith(new Layer.Relu(), mean);
    assertThat(read(tensors, "anti-alias=blur").architecture().stem().layers())
        .endsWith(new Layer.Relu(), new Layer.MaxPool(3, 1, 1, false), new Layer.BlurPool(2));
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

  private static Names preActivation() {
    return (block, rest) ->
        block < 0
            ? rest.replace("stem.bn", "stem.norm")
                .replace("head.bn.", "norm.")
                .replace("head.linear.", "head.fc.")
            : staged(block, "stages.%s.blocks.%s.", 0)
                + rest.replace("shortcut.conv.", "downsample.conv.").replace("bn", "norm");
  }

  private static Architecture preActivationNetwork(boolean deep) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      BlockSpec.Builder builder = BlockSpec.builder(BlockKind.PRE_BOTTLENECK, i < 2 ? 8 : 16);
      if (i % 2 == 0) {
        builder =
            builder
                .stride(i == 2 ? 2 : 1)
                .shortcut(Shortcut.PROJECTION)
                .projectionNorm(false)
                .shortcutInput(ShortcutInput.ACTIVATED);
      }
      BlockSpec.Layered block = builder.build();
      blocks.add(
          deep && i == 2
              ? new BlockSpec.Layered(
                  block.lead(),
                  block.branch(),
                  List.of(
                      new Layer.AveragePool(2, 2, 0, true, false),
                      new Layer.Convolution("shortcut.conv", 16, 1, 1)),
                  List.of(),
                  false,
                  1)
              : block);
    }
    List<Layer> stem =
        deep
            ? new ArrayList<>(DEEP.layers())
            : new ArrayList<>(StemSpec.conv7x7MaxPool(8).withBatchNorm(false).layers());
    if (deep) {
      stem.subList(7, 9).clear();
    }
    return Architecture.builder("own")
        .input(Architecture.of("imagenet-resnet-18").input())
        .stem(new StemSpec(stem))
        .blocks(blocks)
        .head(HeadSpec.normPoolLinear(CLASSES))
        .build();
  }

  /** Their names do not tell whether a pool stands before the projections of shortcuts. */
  @ParameterizedTest
  @CsvSource({"false, none", "true, avg"})
  void preActivationNetworksOfTimm(boolean deep, String pool) throws IOException {
    Architecture own = preActivationNetwork(deep);
    assertReads(own, preActivation());
    Map<String, NamedTensor> tensors = renamed(Weights.initialised(own, 3), preActivation());
    assertThat(read(tensors).assumed()).containsEntry("shortcut-pool", pool);
    String other = pool.equals("avg") ? "none" : "avg";
    assertThat(read(tensors, "shortcut-pool=" + other).architecture().blockSpecs())
        .isNotEqualTo(own.blockSpecs());
  }

  @Test
  void standardisedKernelsAreRefused() {
    Map<String, NamedTensor> tensors =
        renamed(Weights.initialised(preActivationNetwork(false), 3), preActivation());
    tensors.keySet().removeIf(name -> name.contains("running"));
    assertThatThrownBy(() -> read(tensors, "norm-groups=2"))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("have GroupNorm and standardise their kernels");
  }

  /** Four stages of one block each, all with a stride; gates stand before the last convolution. */
  private static Architecture regnet() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int width : new int[] {8, 12, 16, 20}) {
      BlockSpec.Layered block =
          BlockSpec.builder(BlockKind.BOTTLENECK, width)
              .innerWidth(width)
              .groups(2)
              .stride(2)
              .shortcut(Shortcut.PROJECTION)
              .build();
      List<Layer> branch = new ArrayList<>(block.branch());
      branch.add(
          6,
          new Layer.SqueezeExcitation("conv2.se", 3, Layer.Function.RELU, Layer.Function.SIGMOID));
      blocks.add(new BlockSpec.Layered(List.of(), branch, block.skip(), block.post(), false, 1));
    }
    return Architecture.builder("own")
        .input(Architecture.of("imagenet-resnet-18").input())
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 8, 3, 2),
                    new Layer.BatchNorm("bn"),
                    new Layer.Relu())))
        .blocks(blocks)
        .head(HeadSpec.poolLinear(CLASSES))
        .build();
  }

  @Test
  void regnetsOfTimm() throws IOException {
    Names names =
        (block, rest) ->
            block < 0
                ? rest.replace("head.linear.", "head.fc.")
                : "s%s.b1.".formatted(block + 1)
                    + rest.replace("conv2.se.", "se.")
                        .replace("shortcut.", "downsample.")
                        .replaceAll("^(conv)(\\d)\\.|^(bn)(\\d)\\.", "conv$2$4.$1$3.");
    assertReads(regnet(), names);
    assertThat(read(renamed(Weights.initialised(regnet(), 3), names)).assumed())
        .containsEntry("stem-stride", "2")
        .containsEntry("stem-pool", "none")
        .containsEntry("stage-strides", "2x2x2x2");
  }

  @Test
  void regnetsOfTorchvision() throws IOException {
    assertReads(
        regnet(),
        (block, rest) ->
            block < 0
                ? rest.replace("head.linear.", "fc.")
                    .replace("stem.conv.", "stem.0.")
                    .replace("stem.bn.", "stem.1.")
                : "trunk_output.block%1$s.block%1$s-0.".formatted(block + 1)
                    + rest.replace("conv2.se.", "f.se.")
                        .replace("shortcut.conv.", "proj.0.")
                        .replace("shortcut.bn.", "proj.1.")
                        .replace("conv1.", "f.a.0.")
                        .replace("bn1.", "f.a.1.")
                        .replace("conv2.", "f.b.0.")
                        .replace("bn2.", "f.b.1.")
                        .replace("conv3.", "f.c.0.")
                        .replace("bn3.", "f.c.1."));
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

  /** The last norm has an epsilon of its own, which is said. */
  @Test
  void convnextsOfHuggingFace() throws IOException {
    List<Layer> head = new ArrayList<>(convnext().head().layers());
    head.set(1, new Layer.LayerNorm("norm", 1e-12));
    Architecture own = convnext().toBuilder().head(new HeadSpec(head, CLASSES)).build();
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(own, 3),
            (block, rest) ->
                block < 0
                    ? rest.startsWith("head.linear")
                        ? rest.replace("head.linear.", "classifier.")
                        : "convnext."
                            + rest.replace("stem.conv.", "embeddings.patch_embeddings.")
                                .replace("stem.norm.", "embeddings.layernorm.")
                                .replace("head.norm.", "layernorm.")
                    : rest.startsWith("down.")
                        ? stage(block, "convnext.encoder.stages.%s.", 1, 0)
                            + rest.replace("down.norm.", "downsampling_layer.0.")
                                .replace("down.conv.", "downsampling_layer.1.")
                        : stage(block, "convnext.encoder.stages.%s.layers.%s.", 1, 0)
                            + rest.replace("conv.", "dwconv.")
                                .replace("norm.", "layernorm.")
                                .replace("fc", "pwconv")
                                .replace("scale.weight", "layer_scale_parameter"));
    assertSame(read(tensors), own);
    assertThat(read(tensors).assumed())
        .containsEntry("eps", "1e-6")
        .containsEntry("head-eps", "1e-12");
    assertSame(read(tensors, "head-eps=1e-6"), convnext());
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

  private static Names timmTransformer(String norm) {
    return (block, rest) ->
        block < 0
            ? rest.replace("stem.patches.", "patch_embed.proj.")
                .replace("stem.class.weight", "cls_token")
                .replace("stem.position.weight", "pos_embed")
                .replace("head.norm.", norm)
                .replace("head.pooled.", norm)
                .replace("head.linear.", "head.")
            : "blocks." + block / 2 + "." + half(block, rest, "attn.", "mlp.fc1.", "mlp.fc2.");
  }

  /** Then the number of positions is a square. */
  @Test
  void classTokensMayHaveNoPosition() throws IOException {
    List<Layer> stem = new ArrayList<>(transformer().stem().layers());
    Layer token = stem.remove(2);
    stem.add(token);
    Architecture own = transformer().toBuilder().stem(new StemSpec(stem)).build();
    assertReads(own, timmTransformer("norm."));
    assertThat(
            read(renamed(Weights.initialised(own, 3), timmTransformer("norm.")))
                .architecture()
                .name())
        .isEqualTo("vit-26 (blocks 24, widths 192, 4 classes)");
  }

  /** Its norm stands behind a mean over the patches, says its name. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void normsBehindThePool(boolean classToken) throws IOException {
    List<Layer> stem = new ArrayList<>(transformer().stem().layers());
    List<Layer> head = new ArrayList<>();
    if (classToken) {
      head.add(new Layer.TokenSelection(1, 4));
    } else {
      stem.remove(2);
    }
    head.add(new Layer.GlobalAveragePool());
    head.add(new Layer.LayerNorm("pooled", 1e-6));
    head.add(new Layer.Linear("linear", CLASSES));
    assertReads(
        transformer().toBuilder()
            .stem(new StemSpec(stem))
            .head(new HeadSpec(head, CLASSES))
            .build(),
        timmTransformer("fc_norm."));
  }

  @Test
  void distillationTokensAreRefused() {
    Map<String, NamedTensor> tensors =
        renamed(Weights.initialised(transformer(), 3), timmTransformer("norm."));
    tensors.put("dist_token", tensor("dist_token", List.of(1, 1, 192), new float[192]));
    assertThatThrownBy(() -> read(tensors))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("there is a distillation token beside the class token")
        .hasMessageContaining("docs/export_parts.py");
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
  @ParameterizedTest
  @CsvSource({
    "encoder.layer., intermediate.dense., output.dense., output.dense., attention.%s.,"
        + " query-key-value",
    "layers., mlp.fc1., mlp.fc2., o_proj., %s., q_proj-k_proj-v_proj"
  })
  void transformersOfHuggingFace(
      String layers, String fc1, String fc2, String projection, String part, String parts)
      throws IOException {
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
                    : "vit."
                        + layers
                        + block / 2
                        + "."
                        + half(block, rest, "attention.", fc1, fc2)
                            .replace("norm1", "layernorm_before")
                            .replace("norm2", "layernorm_after")
                            .replace("attention.proj.", "attention." + projection))
        .forEach(
            (name, tensor) -> {
              if (!name.contains("attention.qkv.")) {
                tensors.put(name, tensor);
                return;
              }
              List<Integer> shape = new ArrayList<>(tensor.shape());
              shape.set(0, shape.get(0) / 3);
              float[] values = tensor.floats();
              List<String> names = Splitter.on('-').splitToList(parts);
              for (int i = 0; i < 3; i++) {
                String there = name.replace("qkv.", part.formatted(names.get(i)));
                int size = values.length / 3;
                tensors.put(
                    there,
                    tensor(there, shape, Arrays.copyOfRange(values, i * size, (i + 1) * size)));
              }
            });

    Weights read = read(tensors, "eps=1e-6");

    assertSame(read, transformer());
    assertThat(read(tensors).assumed()).containsEntry("eps", "1e-12").containsEntry("heads", "3");
  }

  /** What a unit of an inverted residual network is made of. */
  private record Unit(
      int inputs, int wide, int outputs, int kernel, int stride, boolean depthwise, int squeezed) {
    List<Layer> layers(String name, Layer activation, Layer.Function inner, Layer.Function gate) {
      List<Layer> layers = new ArrayList<>();
      if (wide != inputs || !depthwise) {
        int size = depthwise ? 1 : kernel;
        layers.add(new Layer.Convolution(name + "expand.conv", wide, size, depthwise ? 1 : stride));
        layers.add(new Layer.BatchNorm(name + "expand.bn"));
        layers.add(activation);
      }
      if (depthwise) {
        layers.add(
            new Layer.Convolution(
                name + "depthwise.conv", wide, kernel, stride, kernel / 2, 1, wide, false));
        layers.add(new Layer.BatchNorm(name + "depthwise.bn"));
        layers.add(activation);
      }
      if (squeezed > 0) {
        layers.add(new Layer.SqueezeExcitation(name + "se", squeezed, inner, gate));
      }
      if (depthwise || wide != outputs) {
        layers.add(new Layer.Convolution(name + "project.conv", outputs, 1, 1));
        layers.add(new Layer.BatchNorm(name + "project.bn"));
      }
      return layers;
    }
  }

  /** Two units without skip connections lead to blocks, the last belongs to the head. */
  private static Architecture inverted(
      List<Unit> units, Layer activation, Layer.Function gate, List<Layer> end) {
    Layer.Function inner =
        activation instanceof Layer.ActivationFunction function
            ? function.function()
            : Layer.Function.RELU;
    List<Layer> head = units.get(4).layers("down1.", activation, inner, gate);
    head.addAll(end);
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i += 2) {
      blocks.add(
          new BlockSpec.Layered(
              units.get(i).layers("down1.", activation, inner, gate),
              units.get(i + 1).layers("", activation, inner, gate),
              List.of(),
              List.of(),
              false,
              1));
    }
    return Architecture.builder("own")
        .input(Architecture.of("imagenet-resnet-18").input())
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("conv", 8, 3, 2), new Layer.BatchNorm("bn"), activation)))
        .blocks(blocks)
        .head(new HeadSpec(head, CLASSES))
        .build();
  }

  private static List<Layer> convolutionBeforePool(Layer activation) {
    return List.of(
        new Layer.Convolution("conv", 20, 1, 1),
        new Layer.BatchNorm("bn"),
        activation,
        new Layer.GlobalAveragePool(),
        new Layer.Dropout(0.2),
        new Layer.Linear("linear", CLASSES));
  }

  private static List<Unit> units(int squeezed) {
    return List.of(
        new Unit(8, 8, 6, 3, 1, true, squeezed),
        new Unit(6, 12, 6, 5, 1, true, squeezed),
        new Unit(6, 12, 8, 3, 2, true, squeezed),
        new Unit(8, 16, 8, 3, 1, true, squeezed),
        new Unit(8, 24, 12, 5, 2, true, squeezed));
  }

  /** How a library calls the layer of a unit, by its place among layers of its kind. */
  private interface UnitNames {
    String of(int unit, String role, int place, boolean last, String layer);
  }

  /** Names of units; those outside are the library's own. */
  private static Names unitNames(Architecture own, UnitNames names, Map<String, String> outside) {
    return (block, rest) -> {
      String inside = rest.replace("head.down1.", "down1.");
      boolean down = inside.startsWith("down1.");
      if (block < 0 && !down) {
        for (Map.Entry<String, String> entry : outside.entrySet()) {
          if (rest.startsWith(entry.getKey())) {
            return entry.getValue() + rest.substring(entry.getKey().length());
          }
        }
        throw new AssertionError(rest);
      }
      String layer = down ? inside.substring("down1.".length()) : inside;
      String role = layer.substring(0, layer.indexOf('.'));
      List<Layer> layers =
          block < 0
              ? own.head().layers()
              : down
                  ? ((BlockSpec.Layered) own.blockSpecs().get(block)).lead()
                  : ((BlockSpec.Layered) own.blockSpecs().get(block)).branch();
      List<String> roles =
          layers.stream()
              .filter(Layer.Convolution.class::isInstance)
              .map(each -> each.name().replace("down1.", ""))
              .filter(each -> each.contains("."))
              .map(each -> each.substring(0, each.indexOf('.')))
              .toList();
      int unit = block < 0 ? 4 : 2 * block + (down ? 0 : 1);
      int place = roles.indexOf(role);
      return names.of(unit, role, place, place == roles.size() - 1, layer);
    };
  }

  private static final Map<String, String> TIMM_OUTSIDE =
      Map.of(
          "stem.conv.", "conv_stem.",
          "stem.bn.", "bn1.",
          "head.conv.", "conv_head.",
          "head.bn.", "bn2.",
          "head.linear.", "classifier.");

  private static String timmUnit(
      int unit, String role, int place, boolean last, String layer, boolean wide) {
    String start = "blocks.%s.%s.".formatted(unit / 2, unit % 2);
    if (role.equals("se")) {
      return start + layer.replace("fc1", "conv_reduce").replace("fc2", "conv_expand");
    }
    String name =
        switch (role) {
          case "expand" -> last ? "conv" : wide ? "conv_pw" : "conv_exp";
          case "depthwise" -> "conv_dw";
          default -> wide ? "conv_pwl" : "conv_pw";
        };
    return start
        + layer
            .replace(role + ".conv.", name + ".")
            .replace(role + ".bn.", "bn" + (place + 1) + ".");
  }

  @ParameterizedTest
  @CsvSource({"0, RELU6", "3, SILU"})
  void invertedResidualsOfTimm(int squeezed, Layer.Function function) throws IOException {
    Layer activation = new Layer.ActivationFunction(function);
    Architecture own =
        inverted(
            units(squeezed), activation, Layer.Function.SIGMOID, convolutionBeforePool(activation));
    assertReads(
        own,
        unitNames(
            own,
            (unit, role, place, last, layer) -> timmUnit(unit, role, place, last, layer, unit > 0),
            TIMM_OUTSIDE));
  }

  /** Convolutions of several pixels that widen, and one that does the whole unit's work. */
  @Test
  void fusedUnitsOfTimm() throws IOException {
    Layer activation = new Layer.ActivationFunction(Layer.Function.SILU);
    List<Unit> units = new ArrayList<>(units(3));
    units.set(1, new Unit(6, 6, 6, 3, 1, false, 0));
    units.set(2, new Unit(6, 24, 8, 3, 2, false, 0));
    Architecture own =
        inverted(units, activation, Layer.Function.SIGMOID, convolutionBeforePool(activation));
    assertReads(
        own,
        unitNames(
            own,
            (unit, role, place, last, layer) ->
                unit == 2 && role.equals("project")
                    ? "blocks.1.0."
                        + layer.replace("project.conv", "conv_pwl").replace("project.bn", "bn2")
                    : timmUnit(unit, role, place, last, layer, unit > 2),
            TIMM_OUTSIDE));
  }

  private static Map<String, String> torchvisionOutside(int last, int linear) {
    return Map.of(
        "stem.conv.",
        "features.0.0.",
        "stem.bn.",
        "features.0.1.",
        "head.conv.",
        "features." + last + ".0.",
        "head.bn.",
        "features." + last + ".1.",
        "head.linear.",
        "classifier." + linear + ".",
        "head.hidden.",
        "classifier.0.");
  }

  /** Layers are numbered in their order, squeeze-and-excitation too. */
  private static String torchvisionUnit(
      String start, String role, int place, boolean last, String layer, boolean excites) {
    if (role.equals("se")) {
      // Behind the depthwise convolution, which is the second where there is one before.
      return start + "%s" + layer.substring("se".length());
    }
    int number = place + (last && excites ? 1 : 0);
    return start
        + layer.replace(role + ".conv.", number + ".0.").replace(role + ".bn.", number + ".1.");
  }

  @Test
  void efficientNetsOfTorchvision() throws IOException {
    Layer activation = new Layer.ActivationFunction(Layer.Function.SILU);
    Architecture own =
        inverted(units(3), activation, Layer.Function.SIGMOID, convolutionBeforePool(activation));
    assertReads(
        own,
        unitNames(
            own,
            (unit, role, place, last, layer) ->
                torchvisionUnit(
                        "features.%s.%s.block.".formatted(1 + unit / 2, unit % 2),
                        role,
                        place,
                        last,
                        layer,
                        true)
                    .replace("%s", unit == 0 ? "1" : "2"),
            torchvisionOutside(4, 1)));
  }

  @Test
  void mobileNetsOfTorchvision() throws IOException {
    Layer activation = new Layer.ActivationFunction(Layer.Function.RELU6);
    Architecture own =
        inverted(units(0), activation, Layer.Function.SIGMOID, convolutionBeforePool(activation));
    assertReads(
        own,
        unitNames(
            own,
            (unit, role, place, last, layer) -> {
              String name =
                  torchvisionUnit(
                      "features.%s.conv.".formatted(1 + unit), role, place, last, layer, false);
              return last
                  ? name.replace("." + place + ".0.", "." + place + ".")
                      .replace("." + place + ".1.", "." + (place + 1) + ".")
                  : name;
            },
            torchvisionOutside(6, 1)));
  }

  /** The first stages have ReLU; the strides are said, as names know no stages. */
  @Test
  void mobileNetsOfTheThirdVersion() throws IOException {
    Layer late = new Layer.ActivationFunction(Layer.Function.HARD_SWISH);
    List<Layer> end =
        List.of(
            new Layer.Convolution("conv", 20, 1, 1),
            new Layer.BatchNorm("bn"),
            late,
            new Layer.GlobalAveragePool(),
            new Layer.Linear("hidden", 10),
            late,
            new Layer.Dropout(0.2),
            new Layer.Linear("linear", CLASSES));
    List<Unit> units = new ArrayList<>(units(3));
    units.set(4, new Unit(8, 24, 12, 5, 4, true, 3));
    Architecture own = inverted(units, new Layer.Relu(), Layer.Function.HARD_SIGMOID, end);
    List<Layer> stem = new ArrayList<>(own.stem().layers());
    stem.set(2, late);
    List<Layer> head = new ArrayList<>(own.head().layers());
    head.replaceAll(layer -> layer instanceof Layer.Relu ? late : layer);
    Architecture expected =
        own.toBuilder()
            .stem(new StemSpec(stem))
            .head(new HeadSpec(head, CLASSES))
            .batchNormEpsilon(1e-3)
            .build();
    Names names =
        unitNames(
            expected,
            (unit, role, place, last, layer) ->
                torchvisionUnit(
                        "features.%s.block.".formatted(1 + unit), role, place, last, layer, true)
                    .replace("%s", unit == 0 ? "1" : "2"),
            torchvisionOutside(6, 3));
    assertReads(expected, names, "stage-strides=1x2x4");
    Weights read = read(renamed(Weights.initialised(expected, 3), names), "early-activation=silu");
    assertThat(read.assumed())
        .containsEntry("activation", "hard-swish")
        .containsEntry("early-activation", "silu")
        .containsEntry("gate", "hard-sigmoid")
        .containsEntry("stage-strides", "1x2x2")
        .containsEntry("eps", "1e-3");
  }

  @Test
  void whatHasNoInvertedResidualsIsRefused() {
    Architecture own =
        inverted(
            units(0),
            new Layer.Relu(),
            Layer.Function.SIGMOID,
            convolutionBeforePool(new Layer.Relu()));
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(own, 3),
            unitNames(
                own,
                (unit, role, place, last, layer) ->
                    timmUnit(unit, role, place, last, layer, unit > 0),
                TIMM_OUTSIDE));
    Map<String, NamedTensor> narrow = new LinkedHashMap<>(tensors);
    narrow.keySet().removeIf(name -> name.contains("conv_pw.") && !name.startsWith("blocks.0.0"));
    narrow.keySet().removeIf(name -> name.contains("bn3."));
    assertThatThrownBy(() -> read(narrow))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("no unit widens before its depthwise convolution");
    tensors.keySet().removeIf(name -> name.startsWith("blocks.1.0.bn3"));
    assertThatThrownBy(() -> read(tensors))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining(
            "unit 3 has 3 convolutions, 1 of them depthwise, and 2 norms: no inverted residual");
  }

  /** Linear layers are kernels as large as their image in timm. */
  @Test
  void plainNetworksOfTimm() throws IOException {
    Architecture own =
        Architecture.builder("own")
            .input(Architecture.of("imagenet-resnet-18").input().withSize(8))
            .stem(new StemSpec(convolution(4, false)))
            .blocks(
                List.of(
                    new BlockSpec.Layered(
                        List.of(),
                        convolution(6, false),
                        List.of(new Layer.ZeroPadding(6, 1, false)),
                        List.of(new Layer.MaxPool(2, 2, 0, false)),
                        true,
                        1)))
            .head(
                new HeadSpec(
                    List.of(
                        new Layer.Flatten(),
                        new Layer.Linear("linear1", 12),
                        new Layer.Relu(),
                        new Layer.Dropout(0.5),
                        new Layer.Linear("linear2", 10),
                        new Layer.Relu(),
                        new Layer.Dropout(0.5),
                        new Layer.Linear("linear3", CLASSES)),
                    CLASSES))
            .build();
    Map<String, NamedTensor> tensors =
        renamed(
            Weights.initialised(own, 3),
            (block, rest) ->
                rest.startsWith("head")
                    ? rest.replace("head.linear1.", "pre_logits.fc1.")
                        .replace("head.linear2.", "pre_logits.fc2.")
                        .replace("head.linear3.", "head.fc.")
                    : "features." + (block + 1) * 2 + rest.substring(rest.lastIndexOf('.')));
    tensors.computeIfPresent(
        "pre_logits.fc1.weight",
        (name, tensor) -> tensor(name, List.of(12, 6, 4, 4), tensor.floats()));
    tensors.computeIfPresent(
        "pre_logits.fc2.weight",
        (name, tensor) -> tensor(name, List.of(10, 12, 1, 1), tensor.floats()));
    assertSame(read(tensors, "image-size=8"), own);
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
                        new Layer.Dropout(0.3),
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
        "image-size=32",
        "dropout=0.3");
  }

  @ParameterizedTest
  @CsvSource({"alexnet, 0.5, 1-4", "vgg-16, 0.5, 3-6"})
  void plainPresetsDropWhatTheirLibraryDrops(String preset, double probability, String places)
      throws IOException {
    List<Layer> layers = Architecture.of(preset).head().layers();
    assertThat(
            IntStream.range(0, layers.size())
                .filter(i -> layers.get(i).equals(new Layer.Dropout(probability)))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining("-")))
        .isEqualTo(places);
    // A network with the preset's head, but small.
    List<Layer> head = new ArrayList<>(layers);
    for (int i = 0; i < head.size(); i++) {
      if (head.get(i) instanceof Layer.Linear linear) {
        head.set(i, new Layer.Linear(linear.name(), i == head.size() - 1 ? CLASSES : 5));
      }
    }
    boolean alexnet = preset.equals("alexnet");
    Architecture own =
        Architecture.builder("own")
            .input(Architecture.of("imagenet-resnet-18").input().withSize(alexnet ? 63 : 8))
            .stem(
                new StemSpec(
                    List.of(
                        alexnet
                            ? new Layer.Convolution("conv", 4, 11, 4, 2, 1, 1, true)
                            : new Layer.Convolution("conv", 4, 3, 1, 1, 1, 1, true),
                        new Layer.Relu())))
            .blocks(
                List.of(
                    new BlockSpec.Layered(
                        List.of(),
                        convolution(4, false),
                        List.of(),
                        List.of(new Layer.MaxPool(alexnet ? 3 : 2, 2, 0, false)),
                        true,
                        1)))
            .head(new HeadSpec(head, CLASSES))
            .build();
    Names names =
        (block, rest) ->
            rest.startsWith("head")
                ? rest.replace("head.linear1.", "classifier.1.")
                    .replace("head.linear2.", "classifier.4.")
                    .replace("head.linear3.", "classifier.6.")
                : "features." + (block + 1) * 2 + rest.substring(rest.lastIndexOf('.'));
    String size = "image-size=" + own.input().height();
    assertReads(own, names, size);
    Weights read = read(renamed(Weights.initialised(own, 3), names), size, "dropout=0");
    assertThat(read.architecture().head().layers())
        .noneMatch(layer -> layer instanceof Layer.Dropout);
    assertThat(read.assumed()).containsEntry("dropout", "0");
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
        .hasMessageContaining("the nearest names are those of Wide ResNets")
        .hasMessageContaining("or is of another kind, export it as TorchScript parts");
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
    "dropout=1, 'dropout is a number from 0, below 1, got ''1'''",
    "dropout=often, 'dropout is a number from 0, below 1, got ''often'''",
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
