package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.StemSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
