package io.github.resnetensembles.djl.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DataFolder;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten steps of SGD on ResNet-20, as golden/train_resnet20.json has them. */
@Tag("data")
class GoldenTrainingTest {
  private static final int BATCH = 32;
  private static final double[] ONE = {1};
  private static final Pattern BLOCK = Pattern.compile("layer(\\d)\\.(\\d)\\.");

  @Tag("slow")
  @Test
  void tenStepsOfNesterov() throws IOException {
    steps("nesterov", Precision.FLOAT64, 1e-8, 10);
  }

  @ParameterizedTest
  @CsvSource({
    "momentum, FLOAT64, 1e-8, 3",
    "nesterov, FLOAT64, 1e-8, 3",
    "momentum, FLOAT32, 1e-4, 1",
    "nesterov, FLOAT32, 1e-4, 1"
  })
  void steps(String variant, Precision precision, double tolerance, int steps) throws IOException {
    check(variant, precision, tolerance, steps);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"momentum, FLOAT64, 1e-8, 10"})
  void allSteps(String variant, Precision precision, double tolerance, int steps)
      throws IOException {
    check(variant, precision, tolerance, steps);
  }

  private void check(String variant, Precision precision, double tolerance, int steps)
      throws IOException {
    JsonObject golden;
    try (InputStream in = getClass().getResourceAsStream("/golden/train_resnet20.json")) {
      golden =
          JsonParser.parseReader(new InputStreamReader(in, UTF_8))
              .getAsJsonObject()
              .getAsJsonObject(variant);
    }
    Weights weights = Weights.of(DataFolder.file("weights/resnet20-12fca82f.th"));
    ImageSet images = ImageSets.cifar10(DataFolder.file("cifar10/data_batch_1.bin"));
    TrainingOptions options =
        new TrainingOptions(new ModelOptions("cpu", precision, 1), BatchNormMode.TRAIN, 0.1);
    try (TrainingNetwork network = new DjlBackend().training(weights, options)) {
      Map<String, double[]> start = network.tensors();
      for (int step = 0; step < steps; step++) {
        double loss = forwardAndBackward(network, images.batch(BATCH * step, BATCH));
        double expected = golden.getAsJsonArray("losses").get(step).getAsDouble();
        assertThat(loss)
            .as("loss of step %s", step + 1)
            .isCloseTo(expected, within(tolerance * expected));
        if (step == 0) {
          JsonObject norms = golden.getAsJsonObject("gradientNormsOfStep1");
          Map<String, double[]> gradients = network.gradients();
          assertThat(gradients).hasSameSizeAs(norms.keySet());
          norms
              .entrySet()
              .forEach(
                  entry -> {
                    double norm = entry.getValue().getAsDouble();
                    assertThat(norm(of(gradients, ownName(entry.getKey()))))
                        .as("gradient of %s", entry.getKey())
                        .isCloseTo(norm, within(tolerance * norm));
                  });
        }
        network.apply(
            new ParameterUpdate(
                new Optimizer.Sgd(0.9, variant.equals("nesterov"), 1e-4), step < 5 ? 0.05 : 0.005));
        if (step == 0 || step == 9) {
          check(golden.getAsJsonObject("afterStep" + (step + 1)), network, start, tolerance);
        }
      }
    }
  }

  private static void check(
      JsonObject golden, TrainingNetwork network, Map<String, double[]> start, double tolerance) {
    Map<String, double[]> now = network.tensors();
    assertThat(now).hasSameSizeAs(golden.keySet());
    golden
        .entrySet()
        .forEach(
            entry -> {
              String name = ownName(entry.getKey());
              double[] values = of(now, name);
              double[] before = of(start, name);
              double size = Arrays.stream(values).map(Math::abs).sum();
              JsonObject expected = entry.getValue().getAsJsonObject();
              assertThat(Arrays.stream(values).sum())
                  .as("sum of %s", name)
                  .isCloseTo(expected.get("sum").getAsDouble(), within(tolerance * size));
              double[] change = new double[values.length];
              for (int i = 0; i < change.length; i++) {
                change[i] = values[i] - before[i];
              }
              double norm = expected.get("changeNorm").getAsDouble();
              assertThat(norm(change))
                  .as("change of %s", name)
                  .isCloseTo(norm, within(tolerance * norm));
            });
  }

  private static double forwardAndBackward(TrainingNetwork network, ImageBatch batch) {
    Architecture architecture = network.architecture();
    float[] pixels = GoldenGradientTest.normalised(batch, architecture.input());
    List<TrainingNetwork.StepPass> passes = new ArrayList<>();
    try (TrainingNetwork.StemPass stem = network.stem(pixels, batch.size())) {
      Activation y = stem.output();
      for (int block = 1; block <= architecture.size(); block++) {
        passes.add(network.step(block, ONE, ONE, y));
        y = passes.get(block - 1).output();
      }
      try (TrainingNetwork.HeadPass head = network.head(y, batch.labels(), 0)) {
        Activation g = head.backward();
        for (int block = architecture.size(); block >= 1; block--) {
          Activation next = passes.get(block - 1).backward(g);
          g.close();
          g = next;
        }
        stem.backward(g);
        g.close();
        return head.loss();
      }
    } finally {
      passes.forEach(TrainingNetwork.StepPass::close);
    }
  }

  private static String ownName(String name) {
    String own =
        name.replaceFirst("^conv1\\.", "stem.conv.")
            .replaceFirst("^bn1\\.", "stem.bn.")
            .replaceFirst("^linear\\.", "head.linear.");
    Matcher matcher = BLOCK.matcher(own);
    return matcher.replaceFirst(
        m ->
            "blocks."
                + (3 * Integer.parseInt(m.group(1)) - 2 + Integer.parseInt(m.group(2)))
                + ".");
  }

  private static double[] of(Map<String, double[]> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }
}
