package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.training.RecalibrationStudy;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statistics estimated anew, by the engine and by the reference backend. */
class RecalibrationParityTest {
  private static final ModelOptions OPTIONS =
      ModelOptions.defaults().withDevice("cpu").withPrecision(Precision.FLOAT64).withThreads(1);

  static List<Architecture> networks() {
    return TinyNetworks.all();
  }

  private static ImageSet images(Architecture architecture, int count) {
    InputSpec input = architecture.input();
    int classes = architecture.head().classes();
    Random random = new Random(3);
    byte[] pixels = new byte[count * input.channels() * input.height() * input.width()];
    random.nextBytes(pixels);
    return ImageSets.of(
        new FeatureShape(input.channels(), input.height(), input.width()),
        pixels,
        random.ints(count, 0, classes).toArray(),
        classes);
  }

  private static RecalibrationStudy study(String backend, Architecture architecture) {
    return RecalibrationStudy.of(new RandomWeights(architecture, 4))
        .backend(Backends.load(backend))
        .options(OPTIONS)
        .calibration(images(architecture, 9))
        .batchSize(4);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void statisticsAreThoseOfTheReference(Architecture architecture) {
    Lesion deletion = Lesion.delete(Math.min(2, architecture.size()));
    for (Lesion lesion : List.of(Lesion.intact(), deletion, Lesion.scale(1, -0.5))) {
      Weights expected = study("reference", architecture).weights(lesion);
      Weights actual = study("djl", architecture).weights(lesion);
      expected
          .tensors()
          .forEach(
              (name, tensor) ->
                  assertThat(Objects.requireNonNull(actual.tensors().get(name)).doubles())
                      .as("%s after %s", name, lesion)
                      .containsExactly(tensor.doubles(), within(1e-8)));
    }
  }

  @Test
  void studiesAreThoseOfTheReference() {
    Architecture architecture = TinyNetworks.postActivation();
    ImageSet test = images(architecture, 20);
    Recalibration expected = study("reference", architecture).run(test);
    Recalibration actual = study("djl", architecture).run(test);
    Recalibration threads = study("djl", architecture).options(OPTIONS.withThreads(2)).run(test);

    assertThat(actual.recalibrated())
        .extracting(LesionRow::correctRecords)
        .isEqualTo(expected.recalibrated().stream().map(LesionRow::correctRecords).toList());
    for (int i = 0; i < 3; i++) {
      assertThat(actual.recalibrated().get(i).loss().orElseThrow())
          .isCloseTo(expected.recalibrated().get(i).loss().orElseThrow(), within(1e-8));
    }
    assertThat(threads.recalibrated()).isEqualTo(actual.recalibrated());
  }
}
