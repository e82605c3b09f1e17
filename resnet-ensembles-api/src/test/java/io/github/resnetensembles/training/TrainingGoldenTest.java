package io.github.resnetensembles.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten steps of PyTorch in float64: see golden/NOTES.md beside the other golden numbers. */
@Tag("data")
@Tag("slow")
class TrainingGoldenTest {
  private static final int BATCH = 32;
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @CsvSource({"momentum, false", "nesterov, true"})
  void tenStepsAreThoseOfPyTorch(String name, boolean nesterov) throws IOException {
    Path data = data();
    JsonNode golden = golden().get(name);
    ImageSet images = ImageSets.cifar10(data.resolve("cifar10/data_batch_1.bin"));
    Weights weights = Weights.of(data.resolve("weights/resnet20-12fca82f.th"));
    TrainingRecipe recipe = TrainingRecipe.paper();
    try (TrainingNetwork network =
        new ReferenceBackend()
            .training(
                weights,
                new TrainingOptions(
                    ModelOptions.defaults().withPrecision(Precision.FLOAT64),
                    BatchNormMode.TRAIN,
                    0.1))) {
      Map<String, double[]> start = network.tensors();
      for (int step = 0; step < 10; step++) {
        ImageBatch batch = images.batch(BATCH * step, BATCH);
        TrainingStep.Outcome outcome =
            TrainingStep.run(
                network,
                new TrainingBatches.Batch(
                    Pixels.normalised(batch, weights.architecture()), batch.labels()),
                WiringDraws.draw(
                    TrainingWiring.allBlocks(), weights.architecture(), 0, step, BATCH),
                new double[0][],
                recipe);
        double expected = golden.get("losses").list().get(step).number();
        assertThat(outcome.loss())
            .as("loss of step %d", step + 1)
            .isCloseTo(expected, within(TOLERANCE * expected));
        if (step == 0) {
          assertGradients(network.gradients(), golden.get("gradientNormsOfStep1"));
        }
        network.apply(
            new ParameterUpdate(new Optimizer.Sgd(0.9, nesterov, 1e-4), step < 5 ? 0.05 : 0.005));
        if (step == 0 || step == 9) {
          assertTensors(network.tensors(), start, golden.get("afterStep" + (step + 1)));
        }
      }
    }
  }

  private static void assertGradients(Map<String, double[]> gradients, JsonNode golden) {
    assertThat(gradients).hasSize(59);
    gradients.forEach(
        (name, values) -> {
          double expected = golden.get(pyTorchName(name)).number();
          assertThat(norm(values))
              .as("gradient of %s", name)
              .isCloseTo(expected, within(TOLERANCE * expected));
        });
  }

  private static void assertTensors(
      Map<String, double[]> tensors, Map<String, double[]> start, JsonNode golden) {
    assertThat(tensors).hasSize(97);
    tensors.forEach(
        (name, values) -> {
          JsonNode expected = golden.get(pyTorchName(name));
          double size = Arrays.stream(values).map(Math::abs).sum();
          assertThat(Arrays.stream(values).sum())
              .as("sum of %s", name)
              .isCloseTo(expected.get("sum").number(), within(TOLERANCE * size));
          double[] change = values.clone();
          double[] before = Objects.requireNonNull(start.get(name));
          Arrays.setAll(change, i -> change[i] - before[i]);
          double norm = expected.get("changeNorm").number();
          assertThat(norm(change))
              .as("change of %s", name)
              .isCloseTo(norm, within(TOLERANCE * norm));
        });
  }

  private static String pyTorchName(String name) {
    if (name.startsWith("stem.")) {
      return name.replace("stem.conv", "conv1").replace("stem.bn", "bn1");
    }
    if (name.startsWith("head.")) {
      return name.substring("head.".length());
    }
    String[] parts = name.split("\\.", 3);
    int block = Integer.parseInt(parts[1]) - 1;
    return "layer" + (block / 3 + 1) + "." + block % 3 + "." + parts[2];
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in =
        TrainingGoldenTest.class.getResourceAsStream("/golden/train_resnet20.json")) {
      return JsonNode.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), UTF_8), "train_resnet20.json");
    }
  }

  private static Path data() {
    String data = System.getenv("RESNET_ENSEMBLES_DATA");
    Assumptions.assumeTrue(data != null, "RESNET_ENSEMBLES_DATA is not set");
    return Path.of(Objects.requireNonNull(data));
  }
}
