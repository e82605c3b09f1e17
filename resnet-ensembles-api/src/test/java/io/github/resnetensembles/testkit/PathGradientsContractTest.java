package io.github.resnetensembles.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks gradients by path length against brute force over all paths, on networks of up to 10
 * blocks. A backend's own test extends this class; it says no more of the backend than that it
 * serves the measurements.
 */
public abstract class PathGradientsContractTest {
  private static final int IMAGES = 2;

  /** Creates the test. */
  protected PathGradientsContractTest() {}

  /** {@return the backend under test} */
  protected abstract Backend backend();

  /** {@return the options to open networks with} */
  protected ModelOptions options() {
    return ModelOptions.defaults().withPrecision(Precision.FLOAT64).withThreads(2);
  }

  /** {@return how far a norm may be from brute force, relative to the largest} */
  protected double tolerance() {
    return 1e-10;
  }

  /** {@return the networks with the lesions under which they are measured} */
  static Stream<Arguments> views() {
    return Stream.of(
        Arguments.of(postActivation(), Lesion.intact()),
        Arguments.of(preActivation(), Lesion.intact()),
        Arguments.of(withPlainBlocks(), Lesion.intact()),
        Arguments.of(preActivation(), Lesion.delete(2, 5).then(Lesion.scale(1, -0.5))),
        Arguments.of(withPlainBlocks(), Lesion.swap(2, 3).then(Lesion.deleteSkip(1))));
  }

  @ParameterizedTest
  @MethodSource("views")
  void exactSumsEqualBruteForce(Architecture architecture, Lesion lesion) {
    for (BatchNormMode mode : BatchNormMode.values()) {
      for (GradientPlace place : GradientPlace.values()) {
        run(
            architecture,
            lesion,
            mode,
            place,
            (probe, brute, view) -> {
              PathGradients got = probe.exact().run(batch(architecture));
              checkSums(got, brute);
            });
      }
    }
  }

  private void checkSums(PathGradients got, BruteForce brute) {
    Map<Integer, double[]> paths = brute.paths();
    Map<Integer, double[]> sums = byLength(paths);
    double[] full = sums.values().stream().reduce(Values::sum).orElseThrow();
    double square = Values.dot(full, full);
    double scale = Math.sqrt(square);
    List<LengthGradient> lengths = got.lengths();
    assertThat(lengths).extracting(LengthGradient::length).containsExactlyElementsOf(sums.keySet());
    assertThat(got.loss()).isCloseTo(brute.loss(), within(tolerance() * 10));
    assertThat(got.fullNorm()).isCloseTo(scale, within(tolerance() * scale));
    assertThat(got.residual().getAsDouble()).isLessThan(tolerance());
    double shares = 0;
    for (LengthGradient row : lengths) {
      double[] sum = sums.getOrDefault(row.length(), new double[0]);
      double norm = Math.sqrt(Values.dot(sum, sum));
      assertThat(row.pathSumNorm().getAsDouble())
          .as("norm of the sum over paths of length %d", row.length())
          .isCloseTo(norm, within(tolerance() * Math.max(norm, scale)));
      assertThat(row.share().getAsDouble())
          .as("share of length %d", row.length())
          .isCloseTo(
              Values.dot(sum, full) / square, within(tolerance() * Math.max(1, norm / scale)));
      double imageNorm = 0;
      for (int n = 0; n < IMAGES; n++) {
        double[] image = Values.image(sum, IMAGES, n);
        imageNorm += Math.sqrt(Values.dot(image, image));
      }
      assertThat(row.imageNorm().getAsDouble())
          .isCloseTo(imageNorm, within(tolerance() * Math.max(imageNorm, scale)));
      assertThat(row.paths().intValueExact())
          .isEqualTo(
              (int)
                  paths.keySet().stream().filter(m -> Integer.bitCount(m) == row.length()).count());
      shares += row.share().getAsDouble();
    }
    assertThat(shares).isCloseTo(1, within(tolerance() * 10 * lengths.size()));
  }

  @ParameterizedTest
  @MethodSource("views")
  void allSampledPathsEqualBruteForce(Architecture architecture, Lesion lesion) {
    for (GradientPlace place : GradientPlace.values()) {
      run(
          architecture,
          lesion,
          BatchNormMode.EVAL,
          place,
          (probe, brute, view) -> {
            PathGradients got = probe.sampled(1000).run(batch(architecture));
            Map<Integer, List<Double>> norms = new TreeMap<>();
            brute
                .paths()
                .forEach(
                    (mask, g) ->
                        norms
                            .computeIfAbsent(Integer.bitCount(mask), k -> new ArrayList<>())
                            .add(Math.sqrt(Values.dot(g, g))));
            double scale = got.fullNorm();
            for (LengthGradient row : got.lengths()) {
              double mean =
                  norms.getOrDefault(row.length(), List.of()).stream()
                      .mapToDouble(norm -> norm)
                      .average()
                      .orElseThrow();
              assertThat(row.meanPathNorm().getAsDouble())
                  .as("mean norm of paths of length %d", row.length())
                  .isCloseTo(mean, within(tolerance() * Math.max(scale, mean)));
              assertThat(row.interval().orElseThrow().width()).isZero();
            }
            assertThat(got.lengths()).hasSameSizeAs(norms.keySet());
          });
    }
  }

  @ParameterizedTest
  @MethodSource("views")
  void singlePathsEqualBruteForce(Architecture architecture, Lesion lesion) {
    run(
        architecture,
        lesion,
        BatchNormMode.TRAIN,
        GradientPlace.STEM_OUTPUT,
        (probe, brute, view) -> {
          Map<Integer, double[]> paths = brute.paths();
          List<Integer> masks = new ArrayList<>(paths.keySet());
          Collections.shuffle(masks, new Random(7));
          for (int mask : masks.subList(0, Math.min(6, masks.size()))) {
            List<Integer> blocks = new ArrayList<>();
            for (int i = 0; i < view.wiring().steps().size(); i++) {
              if ((mask >> i & 1) == 1) {
                blocks.add(view.wiring().steps().get(i).block());
              }
            }
            double[] g = paths.getOrDefault(mask, new double[0]);
            double norm = Math.sqrt(Values.dot(g, g));
            PathGradients got = probe.path(ResidualPath.of(blocks)).run(batch(architecture));
            assertThat(got.pathNorm().getAsDouble())
                .as("norm of the path %s", blocks)
                .isCloseTo(norm, within(tolerance() * Math.max(norm, got.fullNorm())));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("views")
  void parameterGradientsEqualBruteForce(Architecture architecture, Lesion lesion) {
    run(
        architecture,
        lesion,
        BatchNormMode.EVAL,
        GradientPlace.STEM_OUTPUT,
        (probe, brute, view) -> {
          BatchGradients got = probe.exact().parameters().run(batch(architecture)).batches().get(0);
          int steps = view.wiring().steps().size();
          assertThat(got.parameters()).hasSize(steps);
          for (int step = 0; step < steps; step++) {
            Map<Integer, double[]> sums = brute.parameters(step);
            double[] full = sums.values().stream().reduce(Values::sum).orElseThrow();
            double square = Values.dot(full, full);
            double scale = Math.max(1e-3, Math.sqrt(square));
            var row = got.parameters().get(step);
            assertThat(row.fullNorm()).isCloseTo(Math.sqrt(square), within(tolerance() * scale));
            for (int k = 0; k < row.norms().size(); k++) {
              double[] sum = sums.getOrDefault(k, new double[full.length]);
              double norm = Math.sqrt(Values.dot(sum, sum));
              assertThat(row.norms().get(k))
                  .as("norm for the parameters of step %d at length %d", step + 1, k)
                  .isCloseTo(norm, within(tolerance() * Math.max(norm, scale)));
              assertThat(row.shares().get(k) * square)
                  .isCloseTo(
                      Values.dot(sum, full), within(tolerance() * Math.max(norm, scale) * scale));
            }
            assertThat(row.norms()).hasSizeGreaterThan(Collections.max(sums.keySet()));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("views")
  void unravelledViewEqualsTheForwardPass(Architecture architecture, Lesion lesion) {
    run(
        architecture,
        lesion,
        BatchNormMode.EVAL,
        GradientPlace.STEM_OUTPUT,
        (probe, brute, view) -> {
          var unravelled = view.unravelled(batch(architecture));
          assertThat(unravelled.largestDifference())
              .isLessThanOrEqualTo(tolerance() * Math.max(1, unravelled.largestLogit()));
          assertThat(unravelled.paths()).isEqualTo(view.paths().count().longValueExact());
        });
  }

  private static Map<Integer, double[]> byLength(Map<Integer, double[]> paths) {
    Map<Integer, double[]> sums = new TreeMap<>();
    paths.forEach((mask, g) -> sums.merge(Integer.bitCount(mask), g, Values::sum));
    return sums;
  }

  /** What is checked on a view. */
  @FunctionalInterface
  private interface Check {
    void run(GradientProbe probe, BruteForce brute, ResidualModel view);
  }

  private void run(
      Architecture architecture,
      Lesion lesion,
      BatchNormMode mode,
      GradientPlace place,
      Check check) {
    RandomWeights weights = new RandomWeights(architecture, 5);
    Network network = backend().network(weights, options());
    try (ResidualModel model = ResidualModel.of(network)) {
      ResidualModel view = model.withLesion(lesion);
      ImageBatch batch = batch(architecture);
      try (BruteForce brute =
          new BruteForce(
              network,
              view.wiring(),
              normalised(batch, architecture),
              batch.labels(),
              mode,
              place)) {
        check.run(view.gradients().batchNorm(mode).place(place), brute, view);
      }
    }
  }

  private static float[] normalised(ImageBatch batch, Architecture architecture) {
    // Written out for one mean and one deviation in all channels, and no padding.
    float mean = (float) (double) architecture.input().mean().get(0);
    float std = (float) (double) architecture.input().std().get(0);
    float[] pixels = batch.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (pixels[i] - mean) / std;
    }
    return pixels;
  }

  static ImageBatch batch(Architecture architecture) {
    InputSpec input = architecture.input();
    FeatureShape shape = new FeatureShape(input.channels(), input.height(), input.width());
    Random random = new Random(3);
    float[] pixels = new float[IMAGES * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return new ImageBatch() {
      @Override
      public int size() {
        return IMAGES;
      }

      @Override
      public FeatureShape shape() {
        return shape;
      }

      @Override
      public float[] pixels() {
        return pixels;
      }

      @Override
      public int[] labels() {
        return new int[] {1, 0};
      }

      @Override
      public int firstRecord() {
        return 40;
      }
    };
  }

  /** Ten blocks, option A, one test-time gain. */
  static Architecture postActivation() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      blocks.add(
          i == 5
              ? BlockSpec.of(BlockKind.BASIC, 5, 2, Shortcut.ZERO_PAD_EVEN)
              : BlockSpec.of(BlockKind.BASIC, i < 5 ? 3 : 5, 1, Shortcut.IDENTITY));
    }
    blocks.set(2, blocks.get(2).withGain(0.75));
    return network("post-activation-10", blocks, HeadSpec.poolLinear(2));
  }

  /** Seven blocks, option B. */
  private static Architecture preActivation() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      blocks.add(
          i == 3
              ? BlockSpec.of(BlockKind.PRE_BASIC, 4, 2, Shortcut.PROJECTION)
              : BlockSpec.of(
                  i == 5 ? BlockKind.PRE_BOTTLENECK : BlockKind.PRE_BASIC,
                  i < 3 ? 3 : 4,
                  1,
                  Shortcut.IDENTITY));
    }
    return network("pre-activation-7", blocks, HeadSpec.normPoolLinear(2));
  }

  /** Six blocks, two of them plain. */
  private static Architecture withPlainBlocks() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      var block =
          i == 3
              ? BlockSpec.of(BlockKind.BASIC, 4, 2, Shortcut.ZERO_PAD_END)
              : BlockSpec.of(BlockKind.BASIC, i < 3 ? 3 : 4, 1, Shortcut.IDENTITY);
      blocks.add(block.withPlain(i == 3 || i == 4));
    }
    return network("with-plain-6", blocks, HeadSpec.poolLinear(2));
  }

  private static Architecture network(String name, List<BlockSpec> blocks, HeadSpec head) {
    return Architecture.builder(name)
        .input(new InputSpec(3, 6, 6, 0, List.of(0.45, 0.45, 0.45), List.of(0.25, 0.25, 0.25)))
        .stem(StemSpec.conv3x3(3))
        .blocks(blocks)
        .head(head)
        .build();
  }
}
