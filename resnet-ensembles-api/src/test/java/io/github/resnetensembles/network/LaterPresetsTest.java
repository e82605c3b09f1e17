package io.github.resnetensembles.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ascii;
import io.github.resnetensembles.FeatureShape;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaterPresetsTest {
  /** Trainable parameters as torchvision, timm and the usual CIFAR repositories count them. */
  @ParameterizedTest
  @CsvSource({
    "cifar-resnet-18, 8, 11173962",
    "cifar-resnet-34, 16, 21282122",
    "cifar-resnet-50, 16, 23520842",
    "cifar-resnet-101, 33, 42512970",
    "wide-resnet-28-10, 12, 36479194",
    "resnext-29-8x64, 9, 34426698",
    "imagenet-resnext-50-32x4, 16, 25028904",
    "imagenet-wide-resnet-50-2, 16, 68883240",
    "imagenet-resnet-d-50, 16, 25576264",
    "imagenet-se-resnet-50, 16, 28088024",
    "alexnet, 4, 61100840",
    "vgg-16, 12, 138357544",
    "vgg-16-bn, 12, 138365992",
    "mobilenet-v2, 10, 3504872",
    "efficientnet-b0, 9, 5288548",
    "convnext-atto, 12, 3695520",
    "convnext-tiny, 18, 28589128",
    "vit-ti-16-224, 24, 5717416",
    "vit-s-16-224, 24, 22050664",
    "vit-b-16-224, 24, 86567656",
    "vit-b-32-384, 24, 88297192"
  })
  void hasThePublicNumbers(String name, int blocks, long parameters) {
    Architecture architecture = Architecture.of(name);
    assertThat(architecture.name()).isEqualTo(name);
    assertThat(architecture.size()).isEqualTo(blocks);
    assertThat(architecture.parameterCount()).isEqualTo(parameters);
    assertThat(Architecture.fromJson(architecture.toJson())).isEqualTo(architecture);
  }

  @ParameterizedTest
  @CsvSource({
    "imagenet-resnext-50-32x4, 2048, 7, 7",
    "mobilenet-v2, 160, 7, 7",
    "efficientnet-b0, 192, 7, 7",
    "convnext-tiny, 768, 7, 7",
    "alexnet, 256, 6, 6",
    "vgg-16, 512, 7, 7",
    "vit-ti-16-224, 192, 197, 1"
  })
  void endsInTheUsualShape(String name, int channels, int height, int width) {
    assertThat(Architecture.of(name).finalOutput())
        .isEqualTo(new FeatureShape(channels, height, width));
  }

  /** Where torchvision has it; before the last linear layer in mobile networks. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 'flatten dropout0.5 linear relu dropout0.5 linear relu linear'",
    "vgg-16, 'flatten linear relu dropout0.5 linear relu dropout0.5 linear'",
    "vgg-16-bn, 'flatten linear relu dropout0.5 linear relu dropout0.5 linear'",
    "mobilenet-v2, 'globalaveragepool dropout0.2 linear'",
    "efficientnet-b0, 'globalaveragepool dropout0.2 linear'"
  })
  void dropsInItsHead(String name, String layers) {
    assertThat(
            Architecture.of(name).head().layers().stream()
                .map(
                    layer ->
                        Ascii.toLowerCase(layer.getClass().getSimpleName())
                            + (layer instanceof Layer.Dropout dropout ? dropout.probability() : ""))
                .collect(Collectors.joining(" ")))
        .endsWith(layers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vit-ti-15-224 | patches that divide the size",
        "vit-ti-16-9999 | at most 4096 pixels",
        "wide-resnet-27-10 | a depth D of 6n+4",
        "wide-resnet-28-0 | K from 1",
        "cifar-resnet-20 | no architecture is named",
        "convnext-huge | convnext-atto|tiny"
      })
  void refusesOthers(String name, String message) {
    assertThatThrownBy(() -> Architecture.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
