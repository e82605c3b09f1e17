package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Architecture.FirstBlock;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureInferenceTest {
  @TempDir Path dir;

  /** A file of these tensors without any description of the network. */
  private Weights.Loader undescribed(Architecture architecture) {
    Path file = dir.resolve("undescribed");
    SafetensorsFile.write(file, Map.of(), Weights.initialised(architecture, 1).tensors().values());
    return Weights.from(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-8",
        "resnet-20",
        "preresnet-20",
        "resnet-bottleneck-11",
        "preresnet-bottleneck-20",
        "vgg-15",
        "imagenet-resnet-18"
      })
  void presetsAreRecognised(String name) {
    Architecture inferred = undescribed(Architecture.of(name)).load().architecture();
    assertThat(inferred).isEqualTo(Architecture.of(name));
    assertThat(inferred.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain-8", "plain-20"})
  void plainNetworksAreAskedFor(String name) {
    Architecture inferred = undescribed(Architecture.of(name)).plain(true).load().architecture();
    assertThat(inferred).isEqualTo(Architecture.of(name));
    assertThat(inferred.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherNetworksAreDescribed(String name, Architecture architecture) {
    Architecture inferred = undescribed(architecture).load().architecture();
    assertThat(inferred).isEqualTo(architecture);
    assertThat(inferred.name()).isEqualTo(name);
  }

  static Stream<Arguments> others() {
    Architecture.Builder pre = Architecture.preResnet(8).toBuilder();
    Architecture resnet = Architecture.resnet(8);
    return Stream.of(
        Arguments.of(
            "preresnet-8 (blocks 1+1+1, widths 16+32+64, no BatchNorm after the stem, 10 classes)",
            pre.firstBlock(FirstBlock.BLOCK_ONLY).build()),
        Arguments.of(
            "preresnet-8 (blocks 1+1+1, widths 16+32+64, no BatchNorm before block 1, 10 classes)",
            pre.firstBlock(FirstBlock.STEM_ONLY).build()),
        Arguments.of(
            "resnet-8 (blocks 1+1+1, widths 16+32+64, 100 classes)",
            resnet.toBuilder().classes(100).build()),
        Arguments.of(
            "resnet-8 (blocks 1+1+1, widths 16+32+64, 2 projections, 10 classes)",
            resnet.toBuilder()
                .mapBlocks(
                    spec ->
                        spec instanceof BlockSpec.Layered block
                                && !block.skip().isEmpty()
                                && block.skip().get(0) instanceof Layer.ZeroPadding padding
                            ? BlockSpec.of(
                                BlockKind.BASIC, padding.channels(), 2, Shortcut.PROJECTION)
                            : spec)
                .build()),
        Arguments.of(
            "resnet-10 (blocks 3+1, widths 4+8, 3 classes)",
            WeightFiles.TINY.toBuilder()
                .stem(StemSpec.conv3x3(4))
                .blocks(
                    List.of(
                        BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                        BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                        BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY),
                        BlockSpec.of(BlockKind.BASIC, 8, 2, Shortcut.ZERO_PAD_EVEN)))
                .build()),
        Arguments.of(
            "resnet-8 (blocks 1+1+1, widths 16+32+64, 1 input channel, 10 classes)",
            resnet.toBuilder()
                .input(new InputSpec(1, 28, 28, 2, List.of(0.1307), List.of(0.3081)))
                .build()));
  }

  @Test
  void settingsChangeWhatTensorsDoNotTell() {
    List<Double> mean = List.of(0.1, 0.2, 0.3);
    List<Double> std = List.of(0.4, 0.5, 0.6);
    Weights.Loader loader = undescribed(Architecture.preResnet(8));
    Architecture changed =
        loader
            .zeroPadding(Shortcut.ZERO_PAD_EVEN)
            .shortcutInput(ShortcutInput.ACTIVATED)
            .normalisation(mean, std)
            .load()
            .architecture();
    assertThat(changed)
        .isEqualTo(
            Architecture.preResnet(8).toBuilder()
                .zeroPadding(Shortcut.ZERO_PAD_EVEN)
                .shortcutInput(ShortcutInput.ACTIVATED)
                .normalisation(mean, std)
                .build());
    assertThat(loader.load().architecture()).isEqualTo(Architecture.preResnet(8));
  }

  @Test
  void aGivenArchitectureIsTaken() {
    Architecture given = Architecture.resnet(8).toBuilder().name("mine").build();
    Weights weights = undescribed(Architecture.resnet(8)).architecture(given).load();
    assertThat(weights.architecture().name()).isEqualTo("mine");
  }
}
