package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records that 16 bits predict otherwise, on a network whose logits are moved as these would. */
class FlipsTest {
  private static final int COUNT = 200;
  private static final FeatureShape SHAPE = new FeatureShape(3, 8, 8);
  private static final ImageSet IMAGES = images();

  private static ImageSet images() {
    Random random = new Random(3);
    byte[] pixels = new byte[COUNT * SHAPE.size()];
    random.nextBytes(pixels);
    return ImageSets.of(SHAPE, pixels, random.ints(COUNT, 0, 3).toArray(), 3);
  }

  /**
   * A network that says it computes in bfloat16, and is as far from its delegate as it may be.
   *
   * @param centre what is taken off each logit, so that the classes of all images are not the same
   * @param share of the largest logit that all logits are moved by
   * @param single counts the images that were computed in single precision
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Coarse(Network delegate, double[] centre, double share, AtomicInteger single)
      implements DelegatingNetwork {
    @Override
    public Optional<String> change() {
      return Optional.empty();
    }

    @Override
    public NetworkInfo info() {
      NetworkInfo info = delegate.info();
      return new NetworkInfo(
          info.backend(),
          info.engine(),
          info.device(),
          Precision.BFLOAT16,
          info.weightsSha256(),
          info.trained());
    }

    @Override
    public double tolerance() {
      return Precision.BFLOAT16.tolerance();
    }

    @Override
    public Optional<Differentiation> differentiation() {
      return Optional.empty();
    }

    @Override
    public double[] head(Activation input) {
      double[] logits = centred(delegate.head(input));
      for (int from = 0; from < logits.length; from += 3) {
        double largest = 0;
        for (int c = from; c < from + 3; c++) {
          largest = Math.max(largest, Math.abs(logits[c]));
        }
        for (int c = from; c < from + 3; c++) {
          logits[c] += share * largest * Math.signum(Math.sin(1e4 * logits[c]));
        }
      }
      return logits;
    }

    @Override
    public double[] logits(float[] pixels, int images) {
      single.addAndGet(images);
      return centred(delegate.logits(pixels, images));
    }

    private double[] centred(double[] logits) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] -= centre[i % centre.length];
      }
      return logits;
    }
  }

  private final AtomicInteger single = new AtomicInteger();

  private ResidualModel model(double share) {
    Network exact =
        new ReferenceBackend()
            .network(
                new RandomWeights(TinyNetworks.postActivation(), 5),
                ModelOptions.defaults().withThreads(2));
    double[] centre = new double[3];
    ResidualModel original = ResidualModel.of(exact);
    for (double[] logits : original.logits(IMAGES.batch(0, COUNT))) {
      for (int c = 0; c < 3; c++) {
        centre[c] += logits[c] / COUNT;
      }
    }
    return ResidualModel.of(new Coarse(exact, centre, share, single));
  }

  /** Every image by both. */
  private static List<Integer> flips(ResidualModel coarse, ResidualModel exact) {
    return IntStream.range(0, COUNT)
        .filter(
            n ->
                predicted(coarse.logits(IMAGES.batch(n, 1))[0])
                    != predicted(exact.logits(IMAGES.batch(n, 1))[0]))
        .boxed()
        .toList();
  }

  private static int predicted(double[] logits) {
    return IntStream.range(0, 3)
        .boxed()
        .max((a, b) -> Double.compare(logits[a], logits[b]))
        .orElseThrow();
  }

  private static LesionReport sweep(ResidualModel model) {
    return model
        .lesions()
        .plan(LesionPlan.deleteEach())
        .options(RunOptions.defaults().withBatchSize(7))
        .run(IMAGES);
  }

  @Test
  void aStudyFindsAllOfThemWithoutComputingEveryImageTwice() {
    try (ResidualModel coarse = model(0.045);
        ResidualModel exact = model(0)) {
      List<Integer> expected = flips(coarse, exact);
      assertThat(expected).hasSizeBetween(3, COUNT / 3);
      LesionReport report = sweep(coarse);
      Provenance found = report.provenance();

      assertThat(found.flips()).contains(expected);
      assertThat(LesionReport.fromJson(report.toJson())).isEqualTo(report);
      assertThat(single.get()).isBetween(expected.size(), COUNT * 3 / 4);
      assertThat(found.toJson()).contains("\"precision\":\"BFLOAT16\",\"flips\":[");
      assertThat(sweep(exact).provenance().flips()).contains(List.of());
    }
  }

  /** A view's baseline is not the intact network. */
  @Test
  void theyAreOfTheIntactNetworkAlsoInAView() {
    try (ResidualModel coarse = model(0.045)) {
      assertThat(sweep(coarse.withLesion(Lesion.delete(1))).provenance().flips())
          .isEqualTo(sweep(coarse).provenance().flips());
      assertThat(coarse.withLesion(Lesion.delete(2)).evaluate(IMAGES).provenance().flips())
          .isEqualTo(sweep(coarse).provenance().flips());
    }
  }

  @Test
  void aSequentialStudyFindsThoseOfTheRecordsThatItTook() {
    try (ResidualModel coarse = model(0.045);
        ResidualModel exact = model(0)) {
      SequentialReport result =
          coarse
              .lesions()
              .plan(LesionPlan.deleteRandom(1, 1))
              .options(RunOptions.defaults().withBatchSize(2))
              .untilWidth(0.6)
              .run(IMAGES);
      List<Integer> taken =
          flips(coarse, exact).stream()
              .filter(
                  record ->
                      result.report().records().stream()
                          .anyMatch(range -> range.from() <= record && record < range.end()))
              .toList();
      assertThat(taken).isNotEmpty();
      assertThat(result.report().provenance().flips()).contains(taken);
    }
  }

  @Test
  void mergedResultsHaveThoseOfAllParts() {
    try (ResidualModel coarse = model(0.045)) {
      LesionReport whole = sweep(coarse);
      List<LesionReport> parts =
          List.of(
              sweepOf(coarse, IMAGES.range(0, 70)), sweepOf(coarse, IMAGES.range(70, COUNT - 70)));
      LesionReport merged = LesionReport.merge(parts);
      assertThat(merged.provenance().flips()).isEqualTo(whole.provenance().flips());
      assertThat(parts.get(0).provenance().flips()).isNotEqualTo(whole.provenance().flips());
    }
  }

  private static LesionReport sweepOf(ResidualModel model, ImageSet images) {
    return model
        .lesions()
        .plan(LesionPlan.deleteEach())
        .options(RunOptions.defaults().withBatchSize(7))
        .run(images);
  }

  @Test
  void otherPrecisionsHaveNone() {
    try (ResidualModel model =
        ResidualModel.of(
            new ReferenceBackend()
                .network(
                    new RandomWeights(TinyNetworks.postActivation(), 5),
                    ModelOptions.defaults()))) {
      Provenance found = sweep(model).provenance();
      assertThat(found.flips()).isEmpty();
      assertThat(found.toJson()).doesNotContain("flips");
      refused(
          () -> found.toBuilder().flips(Optional.of(List.of(1))).build(),
          "flips are of a precision of 16 bits, and not of FLOAT64");
      Provenance.Builder narrow = found.toBuilder().precision(Precision.BFLOAT16);
      refused(() -> narrow.flips(Optional.of(List.of(2, 1))).build(), "ascending");
      refused(() -> narrow.flips(Optional.of(List.of(2, 2))).build(), "ascending");
      refused(() -> narrow.flips(Optional.of(List.of(-1))).build(), "-1");
    }
  }

  private static void refused(Supplier<Provenance> build, String message) {
    assertThatThrownBy(build::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void gradientsAreRefusedWithAWayOut() {
    try (ResidualModel coarse = model(0)) {
      assertThatThrownBy(() -> coarse.gradients().run(IMAGES.batch(0, 5)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("in bfloat16; measure gradients in float32 or float64");
    }
  }
}
