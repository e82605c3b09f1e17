package io.github.resnetensembles.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The networks of src/test/resources/networks are read by their public names, and what their
 * tensors do not tell is assumed.
 */
class ReadCasesTest {
  private static final int IMAGES = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "plain_names, ''",
    "stem3x3_no_pool, ''",
    "deep_stem_avg_down, ''",
    "resnext, ''",
    "wide_bottleneck, ''",
    "squeeze_excite, ''",
    "pre_projection, ''",
    "wide_resnet, ''",
    "convnext, ''",
    "stem3x3_pool, stem-pool=max",
    "eps, eps=1e-3",
    "silu, activation=silu",
    "group_norm, norm-groups=4",
    "dilated, dilation=1x1x2x4",
    "blur_pool, anti-alias=blur",
    "v1_bottleneck, bottleneck-stride=1x1",
    "vit, heads=3"
  })
  void whatIsReadComputesWhatPyTorchDoes(String name, String assumption) throws IOException {
    Weights.Loader loader = loader(name);
    for (String each : Splitter.on(' ').omitEmptyStrings().split(assumption)) {
      List<String> sides = Splitter.on('=').splitToList(each);
      loader = loader.assume(sides.get(0), sides.get(1));
    }
    Weights weights = loader.load();

    // Pixels are rounded to float32: a transformer makes more of that than the others.
    assertThat(deviation(name, weights, Precision.FLOAT64))
        .isLessThan(name.equals("vit") ? 1e-5 : 1e-6);
    assertThat(deviation(name, weights, Precision.FLOAT32)).isLessThan(1e-4);
    for (String each : Splitter.on(' ').omitEmptyStrings().split(assumption)) {
      List<String> sides = Splitter.on('=').splitToList(each);
      assertThat(weights.assumed()).containsEntry(sides.get(0), sides.get(1));
    }
  }

  /** And what is assumed instead is said. */
  @ParameterizedTest
  @CsvSource({
    "stem3x3_pool, stem-pool, none",
    "eps, eps, 1e-5",
    "silu, activation, relu",
    "dilated, dilation, 1x1x1x1",
    "blur_pool, anti-alias, none",
    "v1_bottleneck, bottleneck-stride, 3x3"
  })
  void withoutItTheNumbersAreOthers(String name, String key, String usual) throws IOException {
    Weights weights = loader(name).load();

    assertThat(weights.assumed()).containsEntry(key, usual);
    assertThat(deviation(name, weights, Precision.FLOAT64)).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @CsvSource({
    "stem3x3_no_pool, stem-pool, max",
    "stem3x3_no_pool, stem-stride, 2",
    "plain_names, activation, gelu",
    "plain_names, eps, 1e-3",
    "plain_names, stage-strides, 1x2x2x1",
    "plain_names, dilation, 1x1x1x2",
    "plain_names, anti-alias, avg",
    "stem3x3_no_pool, global-pool, max",
    "resnext, bottleneck-stride, 1x1",
    "group_norm, norm-groups, 8",
    "pre_projection, shortcut-input, raw",
    "vit, heads, 4"
  })
  void aWrongAssumptionShows(String name, String key, String wrong) throws IOException {
    assertThat(deviation(name, loader(name).assume(key, wrong).load(), Precision.FLOAT64))
        .isGreaterThan(1e-3);
  }

  @Test
  void whatCannotBeGuessedIsAskedFor() throws IOException {
    Weights.Loader norms = loader("group_norm");
    assertThatThrownBy(norms::load)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("norm-groups=NUMBER");
    Weights.Loader heads = loader("vit");
    assertThatThrownBy(heads::load)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("heads=NUMBER, a divisor of 48");
    Weights.Loader uneven = loader("vit").assume("heads", "5");
    assertThatThrownBy(uneven::load)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("48 channels, which cannot be cut into 5 heads");
  }

  @Test
  void resultsSayWhatWasAssumed() throws IOException {
    Weights weights = loader("silu").assume("activation", "silu").load();
    try (Network network = Backends.load("djl").network(weights, ModelOptions.defaults())) {
      assertThat(network.info().assumed())
          .isEqualTo(weights.assumed())
          .containsEntry("activation", "silu")
          .containsEntry("stem-pool", "max");
    }
    assertThat(weights.rounded().assumed()).isEqualTo(weights.assumed());
  }

  /** Images as large as the test's. */
  private Weights.Loader loader(String name) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    Files.write(file, bytes(name + ".safetensors"));
    Weights.Loader loader = Weights.from(file);
    return name.equals("vit")
        ? loader
        : loader.assume("image-size", String.valueOf(golden(name).get("size").getAsInt()));
  }

  private static JsonObject golden(String name) throws IOException {
    return JsonParser.parseString(new String(bytes(name + ".json"), UTF_8)).getAsJsonObject();
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = ReadCasesTest.class.getResourceAsStream("/networks/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** The largest deviation of any row of logits, relative to the row's largest logit. */
  private static double deviation(String name, Weights weights, Precision precision)
      throws IOException {
    JsonObject golden = golden(name);
    ModelOptions options = ModelOptions.defaults().withDevice("cpu").withPrecision(precision);
    try (Network network = Backends.load("djl").network(weights, options);
        Activation stem = network.stem(pixels(golden, weights), IMAGES)) {
      double largest = difference(golden.getAsJsonArray("intact"), logits(network, stem, 0));
      JsonArray deleted = golden.getAsJsonArray("deleted");
      assertThat(deleted.size()).isEqualTo(weights.architecture().size());
      for (int block = 1; block <= deleted.size(); block++) {
        JsonArray row = deleted.get(block - 1).getAsJsonObject().getAsJsonArray("logits");
        largest = Math.max(largest, difference(row, logits(network, stem, block)));
      }
      return largest;
    }
  }

  private static double[] logits(Network network, Activation stem, int deleted) {
    List<Activation> all = new ArrayList<>();
    Activation x = stem;
    for (int block = 1; block <= network.architecture().size(); block++) {
      x = network.step(block, 1, block == deleted ? 0 : 1, x);
      all.add(x);
    }
    double[] logits = network.head(x);
    all.forEach(Activation::close);
    return logits;
  }

  private static double difference(JsonArray golden, double[] logits) {
    double worst = 0;
    int classes = logits.length / IMAGES;
    for (int image = 0; image < IMAGES; image++) {
      double scale = 0;
      double difference = 0;
      for (int c = 0; c < classes; c++) {
        double expected = golden.get(image).getAsJsonArray().get(c).getAsDouble();
        scale = Math.max(scale, Math.abs(expected));
        difference = Math.max(difference, Math.abs(expected - logits[image * classes + c]));
      }
      worst = Math.max(worst, difference / scale);
    }
    return worst;
  }

  private static float[] pixels(JsonObject golden, Weights weights) {
    JsonArray mean = golden.getAsJsonArray("mean");
    JsonArray std = golden.getAsJsonArray("std");
    int plane = weights.architecture().input().height() * weights.architecture().input().width();
    float[] pixels = new float[IMAGES * 3 * plane];
    int i = 0;
    for (JsonElement image : golden.getAsJsonArray("bytes")) {
      for (JsonElement value : image.getAsJsonArray()) {
        int channel = i / plane % 3;
        pixels[i++] =
            (float)
                ((value.getAsInt() / 255.0 - mean.get(channel).getAsDouble())
                    / std.get(channel).getAsDouble());
      }
    }
    assertThat(i).isEqualTo(pixels.length);
    return pixels;
  }
}
