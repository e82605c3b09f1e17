package io.github.resnetensembles.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(((BlockSpec.Layered) block.spec()).shortcut()).isEqualTo(Shortcut.ZERO_PAD_END);
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
        "vgg-16 | no architecture is named 'vgg-16'",
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
            .blocks(List.of(new BlockSpec.Layered(BlockKind.BASIC, 32, 2, Shortcut.IDENTITY)));
    assertThatThrownBy(builder::build)
        .hasMessage(
            "block 1 maps (16, 32, 32) to (32, 16, 16), so its shortcut cannot be IDENTITY: use"
                + " zero-padding or PROJECTION");
    Architecture.Builder narrowing =
        Architecture.builder("mine")
            .blocks(List.of(new BlockSpec.Layered(BlockKind.BASIC, 8, 1, Shortcut.ZERO_PAD_END)));
    assertThatThrownBy(narrowing::build)
        .hasMessageContaining("zero-padding cannot remove channels");
    assertThatThrownBy(() -> Architecture.builder("mine").build())
        .hasMessage("architecture mine has no block");
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
    String json = Architecture.resnet(20).toJson();
    assertThatThrownBy(() -> Architecture.fromJson(json.replaceFirst("\"BASIC\"", "\"BASE\"")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the architecture.blocks[0].kind must be one of BASIC,");
    assertThatThrownBy(
            () -> Architecture.fromJson(json.replaceFirst("\"stride\":2", "\"stride\":3")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the architecture.blocks[3]: a block's stride is 1 or 2, got 3");
  }
}
