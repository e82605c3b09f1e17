package io.github.resnetensembles.djl.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DataFolder;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients by path length, and along single paths, are those of an independent PyTorch program:
 * src/test/resources/golden, see NOTES.md there.
 */
@Tag("data")
class GoldenGradientTest {
  @ParameterizedTest
  @CsvSource({
    "resnet20, resnet20-12fca82f.th, FLOAT64, 1e-6, 1e-12",
    "resnet20, resnet20-12fca82f.th, FLOAT32, 2e-3, 1e-4",
    "resnet56, resnet56-4bfd9763.th, FLOAT32, 2e-3, 1e-4",
    "preresnet20, preresnet20.pth, FLOAT64, 1e-6, 1e-12",
    "preresnet20, preresnet20.pth, FLOAT32, 2e-3, 1e-4",
  })
  void sumsByLengthAndSinglePaths(
      String network, String file, Precision precision, double tolerance, double residual)
      throws IOException {
    check(network, file, precision, tolerance, residual);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"resnet56, resnet56-4bfd9763.th, FLOAT64, 1e-6, 1e-12"})
  void sumsOfADeepNetworkInFloat64(
      String network, String file, Precision precision, double tolerance, double residual)
      throws IOException {
    check(network, file, precision, tolerance, residual);
  }

  private static void check(
      String network, String file, Precision precision, double tolerance, double residual)
      throws IOException {
    JsonObject golden = golden(network);
    Weights weights = Weights.of(DataFolder.file("weights/" + file));
    try (ResidualModel model =
        ResidualModel.open(new DjlBackend(), weights, new ModelOptions("cpu", precision, 2))) {
      ImageBatch batch =
          ImageSets.cifar10(DataFolder.file("cifar10/test_batch.bin"))
              .batch(golden.get("batch").getAsInt());
      PathGradients sums = model.gradients().exact().run(batch);
      List<JsonElement> expected = golden.getAsJsonArray("norm_of_path_sum_by_length").asList();
      assertThat(sums.lengths()).hasSameSizeAs(expected);
      for (LengthGradient length : sums.lengths()) {
        double norm = expected.get(length.length()).getAsDouble();
        assertThat(length.pathSumNorm().orElseThrow())
            .as("length %s", length.length())
            .isCloseTo(norm, within(tolerance * norm));
      }
      assertThat(sums.residual().orElseThrow()).isLessThan(residual);
      for (JsonElement row : golden.getAsJsonArray("paths")) {
        int[] path =
            row.getAsJsonObject().getAsJsonArray("path").asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
        double norm = row.getAsJsonObject().get("norm").getAsDouble();
        assertThat(model.gradients().path(path).run(batch).pathNorm().orElseThrow())
            .as("path %s", Arrays.toString(path))
            .isCloseTo(norm, within(tolerance * norm));
      }
    }
  }

  private static JsonObject golden(String network) throws IOException {
    try (InputStream in =
        GoldenGradientTest.class.getResourceAsStream("/golden/" + network + ".json")) {
      return JsonParser.parseReader(new InputStreamReader(in, UTF_8))
          .getAsJsonObject()
          .getAsJsonObject("gradient");
    }
  }

  static float[] normalised(ImageBatch batch, InputSpec input) {
    float[] pixels = batch.pixels().clone();
    int plane = input.height() * input.width();
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / plane % input.channels();
      float mean = (float) (double) input.mean().get(channel);
      float std = (float) (double) input.std().get(channel);
      pixels[i] = (pixels[i] - mean) / std;
    }
    return pixels;
  }
}
