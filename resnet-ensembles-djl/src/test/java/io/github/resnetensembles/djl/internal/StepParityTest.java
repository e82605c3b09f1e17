package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps, by folded scripts, against the whole network by plain array operations. */
class StepParityTest {
  private static final int IMAGES = 3;

  static Stream<Arguments> networks() {
    return SampleNetworks.all().entrySet().stream()
        .flatMap(
            entry ->
                Stream.of(
                    Arguments.of(entry.getKey(), entry.getValue(), Precision.FLOAT32, 1e-4),
                    Arguments.of(entry.getKey(), entry.getValue(), Precision.FLOAT64, 1e-10)));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void stepsGiveTheLogitsOfPlainArrayOperations(
      String name, Architecture architecture, Precision precision, double tolerance) {
    try (Network network = SampleNetworks.open(architecture, precision)) {
      float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 11);
      double[] whole = network.logits(pixels, IMAGES);
      double[] steps = stepwise(network, pixels, IMAGES);
      assertThat(whole).hasSize(IMAGES * architecture.head().classes());
      double scale = Math.max(1, maxAbs(whole));
      assertThat(maxAbs(whole)).isBetween(0.01, 1e4);
      assertThat(maxDifference(whole, steps)).isLessThan(tolerance * scale);
    }
  }

  /** The engine may choose other kernels for as many channels as people use. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-4", "FLOAT64, 1e-10"})
  void manyChannels(Precision precision, double tolerance) {
    for (String name : List.of("imagenet-resnet-18", "imagenet-resnet-50")) {
      Architecture preset = Architecture.of(name);
      stepsGiveTheLogitsOfPlainArrayOperations(
          name,
          preset.toBuilder().input(SampleNetworks.named(name).input()).build(),
          precision,
          tolerance);
    }
  }

  /** The setting that benchmarks compare with. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet-8", "preresnet-8", "imagenet-resnet-18"})
  void unfoldedStepsGiveTheSameLogits(String name) {
    Architecture architecture = SampleNetworks.named(name);
    float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 11);
    System.setProperty(FoldedForm.FOLD, "false");
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT64)) {
      double[] whole = network.logits(pixels, IMAGES);
      assertThat(maxDifference(whole, stepwise(network, pixels, IMAGES)))
          .isLessThan(1e-10 * Math.max(1, maxAbs(whole)));
    } finally {
      System.clearProperty(FoldedForm.FOLD);
    }
  }

  /** Neither stem nor head nor the whole network in one piece; and no less than is said. */
  @EnabledIf(value = NarrowFormatTest.HERE, disabledReason = NarrowFormatTest.NO_BFLOAT16)
  @ParameterizedTest
  @ValueSource(strings = {"resnet-8", "preresnet-bottleneck-11", "imagenet-resnet-18", "vgg-15"})
  void onlyTheBlocksConvolutionsAreRoundedTo16Bits(String name) {
    Architecture architecture = SampleNetworks.named(name);
    float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 11);
    try (Network narrow = SampleNetworks.open(architecture, Precision.BFLOAT16);
        Network single = SampleNetworks.open(architecture, Precision.FLOAT32);
        Activation narrowStem = narrow.stem(pixels, IMAGES);
        Activation singleStem = single.stem(pixels, IMAGES)) {
      assertThat(narrow.info().precision()).isEqualTo(Precision.BFLOAT16);
      assertThat(narrow.differentiation()).isEmpty();
      assertThat(narrow.logits(pixels, IMAGES)).isEqualTo(single.logits(pixels, IMAGES));
      assertThat(narrowStem.values()).isEqualTo(singleStem.values());
      FeatureShape last = architecture.finalOutput();
      double[] values = SampleNetworks.values(last, IMAGES, 1);
      try (Activation a = narrow.activation(values, IMAGES, last);
          Activation b = single.activation(values, IMAGES, last)) {
        assertThat(narrow.head(a)).isEqualTo(single.head(b));
      }
      double[] expected = single.logits(pixels, IMAGES);
      double difference = maxDifference(expected, stepwise(narrow, pixels, IMAGES));
      assertThat(difference / maxAbs(expected)).isBetween(1e-4, 0.05);
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void skipBranchAndPostRecombineToTheStep(
      String name, Architecture architecture, Precision precision, double tolerance) {
    double[] gains = {0, 1, -0.5, 2};
    try (Network network = SampleNetworks.open(architecture, precision)) {
      for (int block = 1; block <= architecture.size(); block++) {
        double[] values = SampleNetworks.values(architecture.block(block).input(), IMAGES, block);
        try (Activation x = network.activation(values, IMAGES, architecture.block(block).input());
            Activation s = network.skip(block, x);
            Activation f = network.branch(block, x)) {
          for (double skipGain : gains) {
            for (double branchGain : gains) {
              double[] sum = weighted(skipGain, s.values(), branchGain, f.values());
              try (Activation combined = network.activation(sum, IMAGES, s.shape());
                  Activation expected = network.post(block, combined);
                  Activation step = network.step(block, skipGain, branchGain, x);
                  Activation given = network.step(block, skipGain, branchGain, x, f)) {
                assertThat(step.shape()).isEqualTo(architecture.block(block).output());
                assertThat(maxDifference(step.values(), expected.values()))
                    .as("block %s, gains %s and %s", block, skipGain, branchGain)
                    .isLessThan(tolerance * 10);
                assertThat(maxDifference(given.values(), step.values()))
                    .as("given, block %s, gains %s and %s", block, skipGain, branchGain)
                    .isLessThan(tolerance);
              }
            }
          }
          assertThat(x.values()).isEqualTo(rounded(values, precision));
        }
      }
    }
  }

  static double[] stepwise(Network network, float[] pixels, int images) {
    List<Wiring.Step> steps = Wiring.intact(network.architecture()).steps();
    Activation x = network.stem(pixels, images);
    for (Wiring.Step step : steps) {
      Activation y = network.step(step.block(), step.skipGain(), step.branchGain(), x);
      x.close();
      x = y;
    }
    double[] logits = network.head(x);
    x.close();
    return logits;
  }

  private static double[] weighted(double a, double[] x, double b, double[] y) {
    double[] sum = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      sum[i] = a * x[i] + b * y[i];
    }
    return sum;
  }

  private static double[] rounded(double[] values, Precision precision) {
    double[] rounded = values.clone();
    if (precision == Precision.FLOAT32) {
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) rounded[i];
      }
    }
    return rounded;
  }

  static double maxAbs(double[] values) {
    double max = 0;
    for (double value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  static double maxDifference(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    double max = 0;
    for (int i = 0; i < a.length; i++) {
      max = Math.max(max, Math.abs(a[i] - b[i]));
    }
    return max;
  }
}
