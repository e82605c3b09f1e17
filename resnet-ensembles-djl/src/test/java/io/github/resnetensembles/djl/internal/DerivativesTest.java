package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector-Jacobian products of every kind of part against differences of its outputs. */
class DerivativesTest {
  private static final int IMAGES = 3;
  private static final double STEP = 1e-8;
  private static final double TOLERANCE = 1e-5;

  static Stream<Arguments> networks() {
    return SampleNetworks.all().entrySet().stream()
        .flatMap(
            entry ->
                Stream.of(BatchNormMode.values())
                    .map(mode -> Arguments.of(entry.getKey(), entry.getValue(), mode)));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void steps(String name, Architecture architecture, BatchNormMode mode) {
    double[][] gains = {{1, 1}, {0.5, -2}, {1, 0}, {0, 1}, {-3, 0}};
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT64)) {
      Differentiation derivatives = network.differentiation().orElseThrow();
      for (Block block : architecture.blocks()) {
        double[] x = SampleNetworks.values(block.input(), IMAGES, block.number());
        double[] v = SampleNetworks.values(block.output(), IMAGES, 100 + block.number());
        for (double[] gain : gains) {
          Function<double[], double[]> step =
              values -> {
                try (Activation in = network.activation(values, IMAGES, block.input());
                    StepTrace trace =
                        derivatives.step(block.number(), gain[0], gain[1], in, mode)) {
                  return trace.output().values();
                }
              };
          try (Activation in = network.activation(x, IMAGES, block.input());
              Activation u = network.activation(v, IMAGES, block.output());
              StepTrace trace = derivatives.step(block.number(), gain[0], gain[1], in, mode)) {
            if (mode == BatchNormMode.EVAL) {
              try (Activation y = network.step(block.number(), gain[0], gain[1], in)) {
                assertThat(StepParityTest.maxDifference(y.values(), trace.output().values()))
                    .isLessThan(1e-12 * Math.max(1, StepParityTest.maxAbs(y.values())));
              }
            }
            Cotangents both =
                new Cotangents(gain[0] == 0 ? null : u, gain[0], gain[1] == 0 ? null : u, gain[1]);
            List<Activation> pulled = trace.pullBack(List.of(both, both));
            double[] first = pulled.get(0).values();
            assertThat(pulled.get(1).values()).isEqualTo(first);
            check("block " + block.number() + " " + gain[0] + " " + gain[1], step, x, v, first);
            assertThat(trace.output().values()).isEqualTo(step.apply(x));
            assertThat(u.values()).isEqualTo(v);
            pulled.forEach(Activation::close);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void stemAndHead(String name, Architecture architecture, BatchNormMode mode) {
    FeatureShape last = architecture.finalOutput();
    int[] labels = {1, 0, 4};
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT64)) {
      Differentiation derivatives = network.differentiation().orElseThrow();
      double[] y = SampleNetworks.values(last, IMAGES, 5);
      try (Activation in = network.activation(y, IMAGES, last);
          HeadTrace trace = derivatives.head(in, labels, mode)) {
        check(
            "head",
            values -> {
              try (Activation changed = network.activation(values, IMAGES, last);
                  HeadTrace run = derivatives.head(changed, labels, mode)) {
                return new double[] {run.loss()};
              }
            },
            y,
            new double[] {1},
            trace.gradient().values());
      }
      float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 6);
      double[] v = SampleNetworks.values(architecture.stemOutput(), IMAGES, 7);
      try (StemTrace trace = derivatives.stem(pixels, IMAGES, mode);
          Activation u = network.activation(v, IMAGES, architecture.stemOutput());
          Activation pulled = trace.pullBack(List.of(u)).get(0)) {
        assertThat(pulled.shape()).isEqualTo(architecture.input().paddedShape());
        double[] pixelGradient = pulled.values();
        float[] up = pixels.clone();
        float[] down = pixels.clone();
        double expected = 0;
        for (int i = 0; i < pixels.length; i += 7) {
          up[i] += 1e-6f;
          down[i] -= 1e-6f;
          expected += pixelGradient[i] * ((double) up[i] - down[i]);
        }
        double difference =
            dot(v, stem(derivatives, up, mode)) - dot(v, stem(derivatives, down, mode));
        assertThat(difference).isCloseTo(expected, within(1e-3 * scale(pixelGradient) * 2e-6));
      }
    }
  }

  /** The reference backend has other code for everything. */
  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("networks")
  void parameterGradients(String name, Architecture architecture, BatchNormMode mode) {
    RandomWeights weights = new RandomWeights(architecture, 7);
    int[] labels = {1, 0, 4};
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT64);
        Network reference =
            Backends.load("reference")
                .network(weights, new ModelOptions("cpu", Precision.FLOAT64, 1))) {
      List<Function<Network, Map<String, double[]>>> parts = gradients(architecture, labels, mode);
      for (Function<Network, Map<String, double[]>> part : parts) {
        Map<String, double[]> found = part.apply(network);
        Map<String, double[]> expected = part.apply(reference);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
            (tensor, values) ->
                assertThat(
                        StepParityTest.maxDifference(
                            found.getOrDefault(tensor, new double[0]), values))
                    .as(tensor)
                    .isLessThan(1e-9 * Math.max(1, StepParityTest.maxAbs(values))));
      }
    }
  }

  /** Of every part, with every choice of sides. */
  private static List<Function<Network, Map<String, double[]>>> gradients(
      Architecture architecture, int[] labels, BatchNormMode mode) {
    List<Function<Network, Map<String, double[]>>> all = new ArrayList<>();
    all.add(
        network -> {
          float[] pixels = SampleNetworks.pixels(architecture, IMAGES, 6);
          FeatureShape shape = architecture.stemOutput();
          double[] v = SampleNetworks.values(shape, IMAGES, 7);
          try (StemTrace trace =
                  network.differentiation().orElseThrow().stem(pixels, IMAGES, mode);
              Activation u = network.activation(v, IMAGES, shape)) {
            return trace.parameterGradient(u);
          }
        });
    for (Block block : architecture.blocks()) {
      double[] x = SampleNetworks.values(block.input(), IMAGES, block.number());
      double[] v = SampleNetworks.values(block.output(), IMAGES, 100 + block.number());
      List<Function<Activation, Cotangents>> sides =
          List.of(
              u -> new Cotangents(u, 0.5, u, -2),
              u -> Cotangents.ofSkip(u, 3),
              u -> Cotangents.ofBranch(u, 1));
      for (Function<Activation, Cotangents> side : sides) {
        all.add(
            network -> {
              try (Activation in = network.activation(x, IMAGES, block.input());
                  Activation u = network.activation(v, IMAGES, block.output());
                  StepTrace trace =
                      network
                          .differentiation()
                          .orElseThrow()
                          .step(block.number(), 0.5, -1, in, mode)) {
                return trace.parameterGradient(side.apply(u));
              }
            });
      }
    }
    all.add(
        network -> {
          FeatureShape last = architecture.finalOutput();
          double[] y = SampleNetworks.values(last, IMAGES, 5);
          try (Activation in = network.activation(y, IMAGES, last);
              HeadTrace trace = network.differentiation().orElseThrow().head(in, labels, mode)) {
            return trace.parameterGradient();
          }
        });
    return all;
  }

  private static double[] stem(Differentiation derivatives, float[] pixels, BatchNormMode mode) {
    try (StemTrace trace = derivatives.stem(pixels, IMAGES, mode)) {
      return trace.output().values();
    }
  }

  /** (v, f(x + hd) - f(x - hd)) / 2h = (Jᵀv, d) for a random direction d. */
  private static void check(
      String what, Function<double[], double[]> function, double[] x, double[] v, double[] pulled) {
    assertThat(pulled).hasSameSizeAs(x);
    double[] up = x.clone();
    double[] down = x.clone();
    double[] direction = SampleNetworks.values(new FeatureShape(1, 1, x.length), 1, 17);
    for (int i = 0; i < x.length; i++) {
      up[i] += STEP * direction[i];
      down[i] -= STEP * direction[i];
    }
    double difference = (dot(v, function.apply(up)) - dot(v, function.apply(down))) / (2 * STEP);
    assertThat(dot(pulled, direction))
        .as(what)
        .isCloseTo(difference, within(TOLERANCE * Math.max(scale(pulled), 1e-2)));
  }

  private static double scale(double[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
