package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.InputSpec;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.spi.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real weights and images against an independent PyTorch program. */
@Tag("data")
class GoldenLogitsTest {
  private static final int IMAGES = 8;
  private static final int PIXELS = 3 * 32 * 32;
  private static final double TOLERANCE = 1e-3;

  @ParameterizedTest
  @CsvSource({
    "resnet20, FLOAT32",
    "resnet20, FLOAT64",
    "resnet56, FLOAT32",
    "preresnet20, FLOAT32",
    "preresnet20, FLOAT64"
  })
  void logitsAreThoseOfPytorch(String name, Precision precision) throws IOException {
    Path data = data();
    JsonObject golden = golden(name);
    Weights weights =
        weights(name, data.resolve("weights").resolve(golden.get("weights").getAsString()));
    float[] pixels = pixels(data.resolve("cifar10/test_batch.bin"), weights.architecture().input());
    double[] expected = flat(golden.getAsJsonArray("logits_first_8"));
    try (Network network =
        new DjlBackend().network(weights, new ModelOptions("cpu", precision, 2))) {
      assertThat(
              StepParityTest.maxDifference(
                  StepParityTest.stepwise(network, pixels, IMAGES), expected))
          .as("steps")
          .isLessThan(TOLERANCE);
      assertThat(StepParityTest.maxDifference(network.logits(pixels, IMAGES), expected))
          .as("plain array operations")
          .isLessThan(TOLERANCE);
    }
  }

  private static Path data() {
    String folder = System.getenv("RESNET_ENSEMBLES_DATA");
    assumeThat(folder).as("RESNET_ENSEMBLES_DATA is not set").isNotNull();
    return Path.of(Objects.requireNonNull(folder));
  }

  private static Weights weights(String name, Path file) {
    if (!name.startsWith("pre")) {
      return Weights.of(file);
    }
    return Weights.from(file)
        .normalisation(
            List.of(125.3 / 255, 123.0 / 255, 113.9 / 255),
            List.of(63.0 / 255, 62.1 / 255, 66.7 / 255))
        .load();
  }

  private static JsonObject golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenLogitsTest.class.getResourceAsStream("/golden/" + name + ".json"))) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }

  /** Records are a label and 3072 bytes. */
  private static float[] pixels(Path file, InputSpec input) throws IOException {
    byte[] records;
    try (InputStream in = Files.newInputStream(file)) {
      records = in.readNBytes(IMAGES * (1 + PIXELS));
    }
    float[] pixels = new float[IMAGES * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      int record = i / PIXELS;
      int channel = i % PIXELS / 1024;
      float value = (records[i + record + 1] & 0xFF) / 255f;
      pixels[i] =
          (value - input.mean().get(channel).floatValue()) / input.std().get(channel).floatValue();
    }
    return pixels;
  }

  private static double[] flat(JsonArray rows) {
    return rows.asList().stream()
        .flatMap(row -> row.getAsJsonArray().asList().stream())
        .mapToDouble(value -> value.getAsDouble())
        .toArray();
  }
}
