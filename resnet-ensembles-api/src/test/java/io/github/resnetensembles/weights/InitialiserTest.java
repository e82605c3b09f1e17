package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitialiserTest {
  private static float[] values(Weights weights, String name) {
    return java.util.Objects.requireNonNull(weights.tensors().get(name)).floats();
  }

  private static double variance(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i] * values[i]).sum()
        / values.length;
  }

  @Test
  void kernelsAreNormalWithFanOutAndTheHeadIsUniform() {
    Weights weights = Weights.initialised(Architecture.resnet(20), 3);
    float[] kernel = values(weights, "blocks.9.conv2.weight");
    assertThat(kernel).hasSize(36_864);
    // The standard error of a variance from n normal values is sqrt(2/n): 0.7 % here.
    assertThat(variance(kernel) * 9 * 64 / 2).isCloseTo(1, within(0.03));
    float[] linear = values(weights, "head.linear.weight");
    assertThat(variance(linear) * 64 * 3).isCloseTo(1, within(0.15));
    for (float value : linear) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(0.125f);
    }
    assertThat(values(weights, "head.linear.bias")).containsOnly(0);
    assertThat(values(weights, "stem.bn.weight")).containsOnly(1);
    assertThat(values(weights, "stem.bn.bias")).containsOnly(0);
    assertThat(values(weights, "stem.bn.running_mean")).containsOnly(0);
    assertThat(weights.trained()).isFalse();
    assertThat(weights.source()).isEqualTo("initialised from seed 3");
  }

  /** 3 channels of variance 1, 9 taps of variance 2/(9·16) of which (94/96)² are inside. */
  @Test
  void runningVariancesFollowTheSignal() {
    Weights weights = Weights.initialised(Architecture.resnet(8), 3);
    double stem = 3.0 * 2 / 16 * Math.pow(94.0 / 96, 2);
    assertThat(values(weights, "stem.bn.running_var")).containsOnly((float) stem);
    // A rectified signal has half the mean square, a kernel's taps sum up to twice that.
    for (String norm : List.of("blocks.1.bn1", "blocks.1.bn2")) {
      assertThat(values(weights, norm + ".running_var")[0])
          .isCloseTo((float) Math.pow(94.0 / 96, 2), within(1e-3f));
    }
  }

  @Test
  void drawsDependOnSeedAndNameAlone() {
    Weights small = Weights.initialised(Architecture.resnet(8), 42);
    Weights large = Weights.initialised(Architecture.resnet(20), 42);
    assertThat(values(small, "stem.conv.weight")).isEqualTo(values(large, "stem.conv.weight"));
    assertThat(values(small, "blocks.1.conv1.weight"))
        .isEqualTo(values(large, "blocks.1.conv1.weight"))
        .isNotEqualTo(values(small, "blocks.1.conv2.weight"));
    assertThat(Weights.initialised(Architecture.resnet(8), 42).sha256()).isEqualTo(small.sha256());
    assertThat(Weights.initialised(Architecture.resnet(8), 43).sha256())
        .isNotEqualTo(small.sha256());
  }

  /** Fixed once by this library: another value means that seeds mean other networks. */
  @Test
  void drawsAreTheSameEverywhere() {
    Weights weights = Weights.initialised(Architecture.resnet(8), 0);
    assertThat(weights.sha256())
        .isEqualTo("3683636b290759ec8b077101bd1d982ea10700915709d9434b5b97d91c5e20d9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"resnet-1202", "preresnet-1202", "plain-110", "vgg-15", "imagenet-resnet-18"})
  void statisticsStayFiniteAndPositiveAtAnyDepth(String name) {
    Map<String, List<Double>> squares = SignalMoments.of(Architecture.of(name));
    long norms =
        Architecture.of(name).parameters().stream()
            .filter(spec -> spec.name().endsWith("running_var"))
            .count();
    assertThat(squares).hasSize((int) norms);
    squares
        .values()
        .forEach(
            list -> assertThat(list).allSatisfy(square -> assertThat(square).isBetween(0.01, 1e3)));
  }

  @ParameterizedTest
  @CsvSource({
    "resnet-20, true",
    "preresnet-20, true",
    "vgg-15, true",
    "imagenet-resnet-50, true",
    "imagenet-resnext-50-32x4, true",
    "vgg-16-bn, true",
    "vit-ti-16-224, true",
    "convnext-atto, true",
    "imagenet-resnet-d-50, false",
    "imagenet-se-resnet-50, false",
    "mobilenet-v2, false",
    "efficientnet-b0, false"
  })
  void someNetworksHaveNoClosedForm(String name, boolean known) {
    assertThat(SignalMoments.known(Architecture.of(name))).isEqualTo(known);
  }

  /** One channel in, one out: by the definition, from the images' own mean and variance. */
  @Test
  void statisticsBehindADepthwiseConvolutionAreThoseOfTheFirstImages() {
    Architecture depthwise =
        Architecture.builder("depthwise")
            .stem(
                new StemSpec(
                    List.of(
                        new Layer.Convolution("conv", 3, 1, 1, 0, 1, 3, false),
                        new Layer.BatchNorm("bn"))))
            .blocks(List.of(BlockSpec.of(BlockKind.BASIC, 3, 1, Shortcut.IDENTITY)))
            .build();
    ImageBatch batch = ImageSets.builtIn(ImageSets.Split.TRAIN).batch(0, 10);
    float[] pixels = batch.pixels();
    double mean = mean(pixels, i -> true);
    double deviation = Math.sqrt(variance(pixels, i -> true));
    Weights weights = Weights.initialised(depthwise, 5);
    float[] kernel = values(weights, "stem.conv.weight");
    for (int channel = 0; channel < 3; channel++) {
      int c = channel;
      IntPredicate own = i -> i / 1024 % 3 == c;
      double factor = kernel[c] / deviation;
      assertThat(values(weights, "stem.bn.running_mean")[c])
          .isCloseTo((float) (factor * (mean(pixels, own) - mean)), within(1e-5f));
      double unbiased = variance(pixels, own) * 10_240 / 10_239;
      assertThat(values(weights, "stem.bn.running_var")[c])
          .isCloseTo((float) (factor * factor * unbiased), within(1e-5f));
    }
    // The batch is normalised before it goes on.
    assertThat(values(weights, "blocks.1.bn1.running_var")[0]).isBetween(0.1f, 10f);
  }

  private static double mean(float[] values, IntPredicate chosen) {
    return IntStream.range(0, values.length)
        .filter(chosen)
        .mapToDouble(i -> values[i])
        .average()
        .orElseThrow();
  }

  private static double variance(float[] values, IntPredicate chosen) {
    double mean = mean(values, chosen);
    return IntStream.range(0, values.length)
        .filter(chosen)
        .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
        .average()
        .orElseThrow();
  }

  /** Large images are made small first. */
  @Test
  void networksWithoutAClosedFormAreTheSameEverywhereToo() {
    Architecture network = Architecture.of("mobilenet-v2");
    Weights weights = Weights.initialised(network, 1);
    assertThat(weights.architecture()).isEqualTo(network);
    assertThat(weights.sha256())
        .isEqualTo("e58dd8539b7422d4b21f74026238ebbb54b9652803e0743036818f1a9f34b93a");
    Weights other =
        Weights.initialised(network.toBuilder().input(network.input().withSize(64)).build(), 1);
    assertThat(other.sha256()).isEqualTo(weights.sha256());
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.endsWith("running_var")) {
                assertThat(tensor.floats()).as(name).doesNotContain(0f);
              }
            });
  }

  @Test
  void opaqueNetworksAreRefused() {
    FeatureShape shape = new FeatureShape(4, 8, 8);
    Architecture opaque =
        Architecture.builder("own")
            .stem(StemSpec.OPAQUE)
            .blocks(List.of(new BlockSpec.Opaque(shape, shape, false, 1)))
            .head(HeadSpec.opaque(10))
            .build();
    assertThatThrownBy(() -> Weights.initialised(opaque, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("own has blocks of the user's own, which only their maker can initialise");
  }
}
