package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wirings side by side on the engine count what each counts alone. */
class SideBySideParityTest {
  private static ImageSet images() {
    Random random = new Random(1);
    byte[] pixels = new byte[14 * 3 * 32 * 32];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 32, 32), pixels, random.ints(14, 0, 10).toArray(), 10);
  }

  private static LesionPlan plan(Architecture network, ImageSet images) {
    ReferenceSet reference = ReferenceSet.of(images);
    return LesionPlan.join(
        LesionPlan.deleteEach().build(network),
        LesionPlan.deleteRandom(2, 5).draws(4).seed(3).build(network),
        LesionPlan.swapRandom(1, 2).draws(3).seed(3).build(network),
        LesionPlan.duplicateRandom(1, 3).draws(2).seed(3).build(network),
        LesionPlan.deleteEachSkip().build(network),
        LesionPlan.of(
                Lesion.scale(2, -0.5),
                Lesion.keepOnly(1, 5),
                Lesion.mean(reference, 2, 4),
                Lesion.resample(reference, 7, 3, 5))
            .build(network));
  }

  private static LesionReport run(
      Architecture network, Precision precision, ImageSet images, int wirings) {
    try (ResidualModel model =
        ResidualModel.open(
            new DjlBackend(),
            Weights.initialised(network, 1),
            ModelOptions.defaults().withDevice("cpu").withPrecision(precision).withThreads(2))) {
      return model
          .lesions()
          .plan(plan(network, images))
          .options(RunOptions.defaults().withBatchSize(5).withWiringsAtOnce(wirings))
          .run(images);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "resnet-20, FLOAT64, 2, 1e-9",
    "resnet-20, FLOAT64, 7, 1e-9",
    "preresnet-20, FLOAT64, 7, 1e-9",
    "resnet-20, FLOAT32, 7, 1e-3"
  })
  void rowsAreThoseOfEachWiringAlone(
      String name, Precision precision, int wirings, double tolerance) {
    Architecture network = Architecture.of(name);
    ImageSet images = images();

    LesionReport together = run(network, precision, images, wirings);
    LesionReport alone = run(network, precision, images, 1);

    assertThat(together.rows()).hasSameSizeAs(alone.rows());
    assertThat(together.baseline()).isEqualTo(alone.baseline());
    for (int i = 0; i < alone.rows().size(); i++) {
      LesionRow row = together.rows().get(i);
      LesionRow expected = alone.rows().get(i);
      double loss = expected.loss().orElseThrow();
      assertThat(row.planned()).isEqualTo(expected.planned());
      assertThat(row.loss().orElseThrow())
          .as(row.lesion().toString())
          .isCloseTo(loss, within(tolerance * Math.max(1, loss)));
      if (precision == Precision.FLOAT64) {
        assertThat(row.correctRecords())
            .as(row.lesion().toString())
            .isEqualTo(expected.correctRecords());
      }
    }
  }
}
