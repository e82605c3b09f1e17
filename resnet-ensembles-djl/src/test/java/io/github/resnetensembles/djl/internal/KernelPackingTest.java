package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.internal.Kernel.Packed;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.spi.Network;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KernelPackingTest {
  private static final int IMAGES = 3;

  @AfterEach
  void reset() {
    System.clearProperty(KernelPacking.PACK);
  }

  /** DJL's builds for these processors have the operators. */
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  @Test
  void float32OnProcessorsIsPackedUnlessUnwanted() {
    inEngine(
        Precision.FLOAT32,
        (t, s) -> assertThat(KernelPacking.find(t, s, Optional.empty())).isPresent());
    inEngine(
        Precision.FLOAT64,
        (t, s) -> assertThat(KernelPacking.find(t, s, Optional.empty())).isEmpty());
    System.setProperty(KernelPacking.PACK, "false");
    inEngine(
        Precision.FLOAT32,
        (t, s) -> assertThat(KernelPacking.find(t, s, Optional.empty())).isEmpty());
  }

  @EnabledIf(value = NarrowFormatTest.HERE, disabledReason = NarrowFormatTest.NO_BFLOAT16)
  @Test
  void bfloat16IsPackedToo() {
    inEngine(
        Precision.BFLOAT16,
        (t, s) ->
            assertThat(KernelPacking.find(t, s, Optional.of(NarrowFormat.BFLOAT16))).isPresent());
  }

  static List<Arguments> kernels() {
    return List.of(
        Arguments.of(new Layer.Convolution("usual", 16, 3, 1), 16, 1),
        Arguments.of(new Layer.Convolution("few channels", 7, 3, 1), 3, 1),
        Arguments.of(new Layer.Convolution("strided", 32, 3, 2), 20, 1),
        Arguments.of(new Layer.Convolution("pointwise", 24, 1, 1), 16, 1),
        Arguments.of(new Layer.Convolution("pointwise, strided", 24, 1, 2), 16, 1),
        Arguments.of(new Layer.Convolution("with bias", 12, 3, 1, 1, 1, 1, true), 8, 1),
        Arguments.of(new Layer.Convolution("no padding", 12, 3, 3, 0, 1, 1, false), 8, 1),
        Arguments.of(new Layer.Convolution("dilated", 12, 3, 1, 2, 2, 1, false), 8, 1),
        Arguments.of(new Layer.Convolution("grouped", 32, 3, 2, 1, 1, 4, false), 16, 1),
        Arguments.of(new Layer.Convolution("depthwise", 16, 7, 1, 3, 1, 16, true), 16, 1),
        Arguments.of(new Layer.Convolution("in parts", 1024, 1, 1), 256, 2));
  }

  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  @ParameterizedTest
  @MethodSource("kernels")
  void packedKernelsGiveWhatPlainOnesGive(Layer.Convolution layer, int channels, int parts) {
    inEngine(
        Precision.FLOAT32,
        (tensors, scripts) -> {
          FeatureShape shape = new FeatureShape(channels, 9, 8);
          NDArray x = noise(tensors, 1, IMAGES, channels, shape.height(), shape.width());
          int k = layer.kernel();
          int seen = channels / layer.groups();
          NDArray weight =
              noise(tensors, 1 / Math.sqrt(seen * k * k), layer.channels(), seen, k, k);
          NDArray bias = layer.bias() ? noise(tensors, 1, layer.channels()) : null;
          Packed packed =
              KernelPacking.find(tensors, scripts, Optional.empty())
                  .orElseThrow()
                  .pack(layer, weight, shape);
          assertThat(packed).isNotNull();
          assertThat(packed.parts()).hasSize(parts);
          Function<Kernel, double[]> run =
              kernel -> {
                ScriptText text = new ScriptText();
                String input = text.let(Layers.channelsLast(text.argument("x")));
                String result = kernel.convolve(text, input, layer, bias);
                return tensors.read(scripts.call(text, result).run(x));
              };
          double[] expected = run.apply(new Kernel.Plain(weight));
          double[] computed = run.apply(packed);
          assertThat(StepParityTest.maxAbs(expected)).isGreaterThan(0.5);
          assertThat(StepParityTest.maxDifference(expected, computed)).isLessThan(1e-5);
        });
  }

  /** The engine's own operator computes these wrongly in the memory format that the packed has. */
  @Test
  void severalOutputsOfOneInputAreLeftToTheOrdinaryOperator() {
    inEngine(
        Precision.FLOAT32,
        (tensors, scripts) -> {
          Layer.Convolution layer = new Layer.Convolution("c", 8, 3, 1, 1, 1, 4, false);
          NDArray weight = noise(tensors, 1, 8, 1, 3, 3);
          Optional<KernelPacking> packing = KernelPacking.find(tensors, scripts, Optional.empty());
          assertThat(packing.map(p -> p.pack(layer, weight, new FeatureShape(4, 9, 8)))).isEmpty();
        });
  }

  @ParameterizedTest
  @CsvSource({"resnet-8", "preresnet-bottleneck-11", "imagenet-resnet-50", "vgg-15"})
  void stepsWithoutPackingGiveTheSameLogits(String name) {
    Architecture architecture = SampleNetworks.named(name);
    float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 11);
    double[] packed = stepwise(architecture, pixels);
    System.setProperty(KernelPacking.PACK, "false");
    double[] plain = stepwise(architecture, pixels);
    assertThat(StepParityTest.maxDifference(packed, plain))
        .isLessThan(1e-5 * Math.max(1, StepParityTest.maxAbs(plain)));
  }

  private static double[] stepwise(Architecture architecture, float[] pixels) {
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT32)) {
      return StepParityTest.stepwise(network, pixels, IMAGES);
    }
  }

  private static NDArray noise(Tensors tensors, double scale, long... shape) {
    int size = 1;
    for (long length : shape) {
      size *= Math.toIntExact(length);
    }
    Random random = new Random(size);
    double[] values = random.doubles(size).map(u -> scale * (2 * u - 1)).toArray();
    return tensors.of(values, shape);
  }

  private static void inEngine(Precision precision, BiConsumer<Tensors, Scripts> work) {
    Tensors tensors = new Tensors(TorchEngine.load().engine(), Device.cpu(), precision);
    Scripts scripts = new Scripts(tensors.manager(), tensors.manager());
    Gate gate =
        new Gate(
            "a test",
            1,
            () -> {
              scripts.close();
              tensors.close();
            });
    try {
      boolean unused =
          gate.call(
              () -> {
                work.accept(tensors, scripts);
                return true;
              });
    } finally {
      gate.close();
    }
  }
}
