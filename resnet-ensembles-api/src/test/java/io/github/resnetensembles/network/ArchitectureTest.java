package io.github.resnetensembles.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.io.Resources;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  /** Trainable parameters as the public PyTorch implementations count them. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 9, 269722",
    "resnet-56, 27, 853018",
    "resnet-110, 54, 1727962",
    "plain-20, 9, 269722",
    "imagenet-resnet-18, 8, 11689512",
    "imagenet-resnet-34, 16, 21797672",
    "imagenet-resnet-50, 16, 25557032",
    "imagenet-resnet-101, 33, 44549160",
    "imagenet-resnet-152, 50, 60192808"
  })
  void parametersOfPublicNetworks(String name, int blocks, long parameters) {
    Architecture architecture = Architecture.of(name);
    assertThat(architecture.size()).isEqualTo(blocks);
    assertThat(architecture.parameterCount()).isEqualTo(parameters);
    assertThat(
            architecture.parameters().stream()
                .filter(p -> p.role().trainable())
                .mapToLong(ParameterSpec::count)
                .sum())
        .isEqualTo(parameters);
  }

  /** Giga multiply-accumulates as torchvision's documentation gives them. */
  @ParameterizedTest
  @CsvSource({
    "imagenet-resnet-18, 1.814",
    "imagenet-resnet-34, 3.664",
    "imagenet-resnet-50, 4.089",
    "imagenet-resnet-101, 7.801",
    "imagenet-resnet-152, 11.514"
  })
  void multiplyAccumulatesOfPublicNetworks(String name, double giga) {
    assertThat(Architecture.of(name).multiplyAccumulates() / 1e9).isCloseTo(giga, within(5e-4));
  }

  @Test
  void blocksStagesAndTransitionsOfTheMainModel() {
    Architecture architecture = Architecture.preResnet(110);
    assertThat(architecture.size()).isEqualTo(54);
    assertThat(architecture.transitions()).containsExactly(19, 37);
    assertThat(architecture.stages()).hasSize(3);
    assertThat(architecture.stages().get(1)).startsWith(19).endsWith(36);
    Block block = architecture.block(19);
    assertThat(block.stage()).isEqualTo(2);
    assertThat(block.input()).isEqualTo(new FeatureShape(16, 32, 32));
    assertThat(block.output()).isEqualTo(new FeatureShape(32, 16, 16));
    assertThat(block.parameters()).isEqualTo(9 * 16 * 32 + 9 * 32 * 32 + 2 * 16 + 2 * 32);
    assertThat(block.multiplyAccumulates()).isEqualTo(16 * 16 * (9 * 16 * 32 + 9 * 32 * 32));
    assertThat(((BlockSpec.Layered) block.spec()).skip())
        .containsExactly(new Layer.ZeroPadding(32, 2, false));
    assertThat(architecture.finalOutput()).isEqualTo(new FeatureShape(64, 8, 8));
  }

  @Test
  void theOtherPresets() {
    assertThat(Architecture.of("imagenet-preresnet-200").transitions())
        .containsExactly(1, 4, 28, 64);
    assertThat(Architecture.resnet(1202).size()).isEqualTo(600);
    assertThat(Architecture.of("preresnet-bottleneck-164").size()).isEqualTo(54);
    Architecture vgg = Architecture.of("vgg-15");
    assertThat(vgg.size()).isEqualTo(12);
    assertThat(vgg.plain()).isTrue();
    assertThat(vgg.finalOutput()).isEqualTo(new FeatureShape(128, 1, 1));
    assertThat(Architecture.plain(20).plain()).isTrue();
    assertThat(Architecture.resnet(20).plain()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-20",
        "preresnet-20",
        "plain-20",
        "resnet-bottleneck-29",
        "vgg-15",
        "imagenet-preresnet-200"
      })
  void goesThroughJson(String name) {
    Architecture architecture = Architecture.of(name);
    Architecture read = Architecture.fromJson(architecture.toJson());
    assertThat(read).isEqualTo(architecture).hasSameHashCodeAs(architecture);
    assertThat(read.name()).isEqualTo(name);
    assertThat(read.toJson()).isEqualTo(architecture.toJson());
  }

  @Test
  void namesCanBeShown() {
    Architecture.Builder builder = Architecture.resnet(8).toBuilder();
    assertThat(builder.name("été 权").build().name()).isEqualTo("été 权");
    for (String name : List.of("a\u001b[2J", "a\nerror: b", "\u202eb", "\ud800", "a".repeat(201))) {
      Architecture.Builder bad = builder.name(name);
      assertThatThrownBy(bad::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the name of an architecture has ");
      String json = Architecture.resnet(8).toJson().replace("resnet-8", escaped(name));
      assertThatThrownBy(() -> Architecture.fromJson(json))
          .isInstanceOf(InvalidJsonException.class)
          .message()
          .hasSizeLessThan(300)
          .matches(text -> text.codePoints().noneMatch(Character::isISOControl));
    }
  }

  private static String escaped(String name) {
    StringBuilder json = new StringBuilder();
    name.chars().forEach(c -> json.append(String.format(Locale.ROOT, "\\u%04x", c)));
    return json.toString();
  }

  @Test
  void everySettingGoesThroughJson() {
    Architecture changed =
        Architecture.preResnet(20).toBuilder()
            .firstBlock(Architecture.FirstBlock.STEM_ONLY)
            .shortcutInput(ShortcutInput.ACTIVATED)
            .zeroPadding(Shortcut.ZERO_PAD_EVEN)
            .gains(Collections.nCopies(9, 0.5))
            .classes(100)
            .build();
    assertThat(Architecture.fromJson(changed.toJson())).isEqualTo(changed);
    assertThat(changed).isNotEqualTo(Architecture.preResnet(20));
    assertThat(changed.parameters().stream().map(ParameterSpec::name))
        .doesNotContain("blocks.1.bn1.weight")
        .contains("blocks.2.bn1.weight", "stem.bn.weight");
  }

  @Test
  void bareStemInTheThirdVariant() {
    Architecture bare =
        Architecture.preResnet(20).toBuilder()
            .firstBlock(Architecture.FirstBlock.BLOCK_ONLY)
            .build();
    assertThat(bare.parameters().stream().map(ParameterSpec::name))
        .doesNotContain("stem.bn.weight")
        .contains("blocks.1.bn1.weight");
  }

  @Test
  void equalWhateverTheName() {
    assertThat(Architecture.resnet(20).toBuilder().name("mine").build())
        .isEqualTo(Architecture.resnet(20));
    assertThat(Architecture.plain(20)).isNotEqualTo(Architecture.resnet(20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resnet-21 | the depth of resnet-21 must be 6n+2, from 8 to 20000, got 21",
        "resnet-2 | the depth of resnet-2 must be 6n+2",
        "resnet-bottleneck-21 | must be 9n+2, from 11",
        "vgg-17 | no architecture is named 'vgg-17'",
        "imagenet-resnet-200 | no architecture is named 'imagenet-resnet-200'",
        "lenet | no architecture is named 'lenet'; there are resnet-N"
      })
  void unknownNames(String name, String message) {
    assertThatThrownBy(() -> Architecture.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void blocksMustFit() {
    Architecture.Builder builder =
        Architecture.builder("mine")
            .blocks(List.of(BlockSpec.of(BlockKind.BASIC, 32, 2, Shortcut.IDENTITY)));
    assertThatThrownBy(builder::build)
        .hasMessage(
            "block 1 maps (16, 32, 32) to (32, 16, 16), so its shortcut cannot be IDENTITY: use"
                + " zero-padding or PROJECTION");
    Architecture.Builder narrowing =
        Architecture.builder("mine")
            .blocks(List.of(BlockSpec.of(BlockKind.BASIC, 8, 1, Shortcut.ZERO_PAD_END)));
    assertThatThrownBy(narrowing::build)
        .hasMessageContaining("zero-padding cannot remove channels");
    assertThatThrownBy(() -> Architecture.builder("mine").build())
        .hasMessage("architecture mine has no block");
  }

  @Test
  void dropoutIsForHeadsOnly() {
    Layer dropout = new Layer.Dropout(0.5);
    BlockSpec.Layered usual = BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY);
    List<Layer> dropped = List.of(dropout);
    List<Layer> stem = new ArrayList<>(StemSpec.conv3x3(16).layers());
    stem.add(dropout);
    assertThatThrownBy(
            () ->
                Architecture.builder("stem")
                    .stem(new StemSpec(stem))
                    .blocks(List.of(usual))
                    .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "stem: dropout is for heads only, got Dropout[probability=0.5]; leave it out here");
    List<Layer> branch = new ArrayList<>(usual.branch());
    branch.add(dropout);
    for (BlockSpec block :
        List.of(
            new BlockSpec.Layered(dropped, usual.branch(), List.of(), usual.post(), false, 1),
            new BlockSpec.Layered(List.of(), branch, List.of(), usual.post(), false, 1),
            new BlockSpec.Layered(List.of(), usual.branch(), dropped, usual.post(), false, 1),
            new BlockSpec.Layered(List.of(), usual.branch(), List.of(), dropped, false, 1))) {
      assertThatThrownBy(() -> Architecture.builder("own").blocks(List.of(usual, block)).build())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("blocks.2: dropout is for heads only");
    }
    assertThatThrownBy(() -> new Layer.Dropout(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the probability of dropout lies in [0, 1), got 1.0");
    assertThatThrownBy(() -> new Layer.Dropout(Double.NaN)).hasMessageContaining("got NaN");
    assertThatThrownBy(() -> new Layer.Dropout(-0.1)).hasMessageContaining("got -0.1");
  }

  static Stream<Layer> layersWithTensors() {
    return Stream.of(
        new Layer.BatchNorm("norm"),
        new Layer.GroupNorm("norm", 4, 1e-5),
        new Layer.LayerNorm("norm", 1e-5),
        new Layer.LayerScale("scale"),
        new Layer.Convolution("conv", 16, 1, 1),
        new Layer.SqueezeExcitation("se", 4, Layer.Function.RELU, Layer.Function.SIGMOID),
        new Layer.ChannelAttention("eca", 3),
        new Layer.SelfAttention("attention", 4, true),
        new Layer.PositionEmbedding("position"));
  }

  /** Their gradient would belong to neither side of the block. */
  @ParameterizedTest
  @MethodSource("layersWithTensors")
  void parametersBehindTheSumAreRefused(Layer layer) {
    BlockSpec.Layered usual = BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY);
    List<Layer> post = List.of(new Layer.Relu(), layer);
    BlockSpec changed =
        new BlockSpec.Layered(usual.lead(), usual.branch(), usual.skip(), post, false, 1);
    assertThatThrownBy(
            () -> Architecture.builder("behind").blocks(List.of(usual, changed, usual)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "block 2 has parameters behind its sum, which belong to neither side: put such layers"
                + " into the next block's lead, or into the head");
    String json = Architecture.builder("json").blocks(List.of(usual)).build().toJson();
    String relu = "\"post\":[{\"kind\":\"relu\"}";
    assertThat(json).contains(relu);
    String behind = json.replace(relu, relu + ",{\"kind\":\"layer-scale\",\"name\":\"scale\"}");
    assertThatThrownBy(() -> Architecture.fromJson(behind))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("block 1 has parameters behind its sum");
    // In the lead of the next block it computes the same.
    BlockSpec next =
        new BlockSpec.Layered(List.of(layer), usual.branch(), usual.skip(), List.of(), false, 1);
    assertThat(Architecture.builder("before").blocks(List.of(usual, next)).build().size())
        .isEqualTo(2);
  }

  @Test
  void unknownBlock() {
    assertThatThrownBy(() -> Architecture.resnet(20).block(10))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage("there is no block 10: resnet-20 has the blocks 1 to 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the architecture is empty",
        "[] | the architecture must be an object",
        "{ | the architecture is not JSON",
        "{\"name\":\"a\"} | the architecture has no field 'input'",
      })
  void badJson(String json, String message) {
    assertThatThrownBy(() -> Architecture.fromJson(json))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining(message);
  }

  @Test
  void badJsonSaysWhere() {
    refused("relu", "tanh", "stem.layers[2].kind must be one of activation, average-pool,");
    refused("stride\":2", "stride\":0", "blocks[1].branch[0]: stride must lie in [1, 4096], got 0");
    refused("\"kernel\":3,", "", "stem.layers[0] has no field 'kernel'");
    refused(
        "repeat\":3", "repeat\":1000000", "blocks[0].repeat must be positive, and a network has");
    refused("repeat\":3", "repeat\":0", "blocks[0].repeat must be positive");
    refused("outputs\":10", "outputs\":9", "head: a head's last layer is linear, with 10 outputs");
  }

  private static void refused(String good, String bad, String message) {
    String json = Architecture.resnet(20).toJson();
    assertThat(json).contains(good);
    assertThatThrownBy(() -> Architecture.fromJson(json.replaceFirst(good, bad)))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the architecture." + message);
  }

  /** Written before layers were data. */
  @ParameterizedTest
  @MethodSource("earlier")
  void readsEarlierJson(String name, JsonObject json) {
    Architecture read = Architecture.fromJson(json.toString());
    Architecture expected =
        name.startsWith("tiny ")
            ? TinyNetworks.all().stream()
                .filter(tiny -> name.endsWith(" " + tiny.name()))
                .findAny()
                .orElseThrow()
            : Architecture.of(name);
    assertThat(read).isEqualTo(expected);
    assertThat(read.name()).isEqualTo(expected.name());
    assertThat(Architecture.fromJson(read.toJson())).isEqualTo(expected);
  }

  static Stream<Arguments> earlier() throws IOException {
    return earlierJson().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("own"))
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  private static JsonObject earlierJson() throws IOException {
    URL file = Resources.getResource(ArchitectureTest.class, "earlier-architectures.json");
    return JsonParser.parseString(Resources.toString(file, StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  @Test
  void readsEarlierJsonOfOwnBlocks() throws IOException {
    Architecture own = Architecture.fromJson(earlierJson().get("own").toString());
    FeatureShape shape = new FeatureShape(4, 8, 8);
    assertThat(own.opaque()).isTrue();
    assertThat(own.blockSpecs()).containsExactly(new BlockSpec.Opaque(shape, shape, false, 0.5));
    assertThat(own.head().classes()).isEqualTo(10);
    assertThat(Architecture.fromJson(own.toJson())).isEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"BASIC\" | \"BASE\" | blocks[0].kind must be one of BASIC,",
        "\"stride\":2 | \"stride\":0 | blocks[3]: a block's stride is at least 1, got 0",
        "\"hidden\":0 | \"hidden\":1 | head.hidden is above 0 for HIDDEN_LINEAR and only there"
      })
  void badEarlierJsonSaysWhere(String good, String bad, String message) throws IOException {
    String json = earlierJson().get("resnet-20").toString();
    assertThat(json).contains(good);
    assertThatThrownBy(() -> Architecture.fromJson(json.replaceFirst(good, bad)))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the architecture." + message);
  }

  /** Shapes as PyTorch documents them, and numbers of weights. */
  @Test
  void convolutionsOfAllKinds() {
    FeatureShape input = new FeatureShape(6, 13, 10);
    Layer.Convolution general = new Layer.Convolution("c", 4, 3, 2, 1, 2, 2, true);
    assertThat(general.output(input)).isEqualTo(new FeatureShape(4, 6, 4));
    assertThat(general.parameters(input))
        .extracting(ParameterSpec::shape)
        .containsExactly(List.of(4, 3, 3, 3), List.of(4));
    assertThat(general.multiplyAccumulates(input)).isEqualTo(4 * 6 * 4 * 3 * 9);
    Layer.Convolution patches = new Layer.Convolution("c", 4, 4, 4, 0, 1, 1, false);
    assertThat(patches.output(input)).isEqualTo(new FeatureShape(4, 3, 2));
    assertThatThrownBy(() -> patches.output(new FeatureShape(6, 3, 9)))
        .hasMessage("its window of 4 pixels is larger than its input of 3, padded by 0");
    assertThatThrownBy(() -> general.output(new FeatureShape(3, 9, 9)))
        .hasMessageContaining("cannot be cut into 2 groups");
    assertThatThrownBy(() -> new Layer.Convolution("c", 4, 3, 1, 3, 1, 1, false))
        .hasMessage("padding must lie in [0, 2], got 3");
    assertThatThrownBy(() -> new Layer.Convolution(" ", 4, 3, 1))
        .hasMessage("a layer with tensors needs a name");
  }

  @ParameterizedTest
  @CsvSource({
    "5,2,2,0,true,3",
    "5,2,2,0,false,2",
    "1,2,2,0,true,1",
    "4,3,2,1,false,2",
    "4,1,4,0,true,1"
  })
  void poolingRounds(int size, int kernel, int stride, int padding, boolean up, int expected) {
    FeatureShape output =
        new Layer.MaxPool(kernel, stride, padding, up).output(new FeatureShape(1, size, size));
    assertThat(output).isEqualTo(new FeatureShape(1, expected, expected));
  }

  @Test
  void namesOfTensorsAreUnique() {
    Layer convolution = new Layer.Convolution("conv", 16, 3, 1);
    Architecture.Builder twice =
        Architecture.builder("mine")
            .blocks(
                List.of(
                    new BlockSpec.Layered(
                        List.of(),
                        List.of(convolution, convolution),
                        List.of(),
                        List.of(),
                        false,
                        1)));
    assertThatThrownBy(twice::build)
        .hasMessage("two layers of mine have a tensor named blocks.1.conv.weight");
  }
}
