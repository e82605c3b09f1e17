package io.github.resnetensembles.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.CaseNetworks.Case;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StepTrace;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks of every public kind give the logits that an independent PyTorch program gets, intact
 * and with each block deleted: src/test/resources/networks, see NOTES.md there.
 */
class CaseNetworksTest {
  private static final int IMAGES = 4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain_names",
        "stem3x3_no_pool",
        "stem3x3_pool",
        "eps",
        "silu",
        "group_norm",
        "dilated",
        "blur_pool",
        "deep_stem_avg_down",
        "v1_bottleneck",
        "resnext",
        "wide_bottleneck",
        "squeeze_excite",
        "pre_projection",
        "wide_resnet",
        "convnext",
        "vit"
      })
  void logitsAreThoseOfPyTorch(String name) throws IOException {
    Case network = CaseNetworks.of(name);
    assertThat(deviation(name, network, "djl", Precision.FLOAT64)).isLessThan(1e-6);
    assertThat(deviation(name, network, "djl", Precision.FLOAT32)).isLessThan(1e-4);
    if (name.equals("vit") || name.equals("convnext")) {
      assertThat(deviation(name, network, "reference", Precision.FLOAT64)).isLessThan(1e-6);
    }
  }

  /** What no tensor tells shows in the logits. */
  @ParameterizedTest
  @CsvSource({
    "eps, 1e-3",
    "silu, 1e-3",
    "group_norm, 1e-3",
    "stem3x3_pool, 1e-3",
    "dilated, 1e-3",
    "blur_pool, 1e-3",
    "v1_bottleneck, 1e-3",
    "squeeze_excite, 1e-3",
    "convnext, 1e-3",
    "convnext-tanh, 1e-5",
    "vit, 1e-1",
    "vit-epsilon, 1e-3",
    "vit-tanh, 1e-5"
  })
  void wrongSettingsShow(String name, double atLeast) throws IOException {
    Case wrong =
        switch (name) {
          case "eps" -> CaseNetworks.epsilon(CaseNetworks.of("plain_names"), 1e-5);
          case "silu", "stem3x3_pool", "dilated", "blur_pool" ->
              CaseNetworks.of(name.startsWith("stem") ? "stem3x3_no_pool" : "plain_names");
          case "group_norm" -> CaseNetworks.groupNorm(CaseNetworks.of("plain_names"), 8);
          case "v1_bottleneck" -> CaseNetworks.strideOf3x3();
          case "squeeze_excite" ->
              CaseNetworks.of(name)
                  .mapLayers(
                      layer ->
                          layer instanceof Layer.SqueezeExcitation se
                              ? new Layer.SqueezeExcitation(
                                  se.name(), se.squeezed(), se.inner(), Layer.Function.HARD_SIGMOID)
                              : layer);
          case "convnext" -> CaseNetworks.convnext(1e-5, Layer.Function.GELU);
          case "convnext-tanh" -> CaseNetworks.convnext(1e-6, Layer.Function.GELU_TANH);
          case "vit" -> CaseNetworks.vit(4, 1e-6, Layer.Function.GELU);
          case "vit-epsilon" -> CaseNetworks.vit(3, 1e-5, Layer.Function.GELU);
          default -> CaseNetworks.vit(3, 1e-6, Layer.Function.GELU_TANH);
        };
    String file = name.replaceFirst("-.*", "");
    assertThat(deviation(file, wrong, "djl", Precision.FLOAT64)).isGreaterThan(atLeast);
  }

  /** The exact sums by path length add up to the gradient at y_0 that PyTorch's autograd gets. */
  @ParameterizedTest
  @ValueSource(strings = {"silu", "group_norm", "blur_pool", "squeeze_excite", "convnext", "vit"})
  void sumsByPathLengthAddUpToAutograd(String name) throws IOException {
    JsonObject golden = json("gradients.json").getAsJsonObject(name);
    Case network = CaseNetworks.of(name);
    ModelOptions options =
        ModelOptions.defaults().withDevice("cpu").withPrecision(Precision.FLOAT64);
    Network opened = Backends.load("djl").network(weights(name, network), options);
    Differentiation differentiation = opened.differentiation().orElseThrow();
    List<StepTrace> traces = new ArrayList<>();
    Activation x = opened.stem(pixels(json(name + ".json"), network.architecture()), IMAGES);
    for (int block = 1; block <= network.architecture().size(); block++) {
      StepTrace trace = differentiation.step(block, 1, 1, x, BatchNormMode.EVAL);
      traces.add(trace);
      x = trace.output();
    }
    int[] labels = {0, 1, 2, 3};
    HeadTrace head = differentiation.head(x, labels, BatchNormMode.EVAL);
    assertThat(head.loss()).isCloseTo(golden.get("loss").getAsDouble(), within(1e-12));
    List<Activation> byLength = List.of(head.gradient());
    for (int block = traces.size(); block >= 1; block--) {
      byLength = traces.get(block - 1).pullBack(longer(byLength));
    }
    assertThat(byLength).hasSize(traces.size() + 1);
    double[] sum = new double[byLength.get(0).values().length];
    for (Activation part : byLength) {
      double[] values = part.values();
      Arrays.setAll(sum, i -> sum[i] + values[i]);
    }
    double norm = Math.sqrt(Arrays.stream(sum).map(v -> v * v).sum());
    double expected = golden.get("norm").getAsDouble();
    assertThat(norm).isCloseTo(expected, within(1e-10 * expected));
    JsonArray first = golden.getAsJsonArray("firstImage");
    for (int i = 0; i < first.size(); i++) {
      assertThat(sum[i]).isCloseTo(first.get(i).getAsDouble(), within(1e-10 * expected));
    }
    opened.close();
  }

  /**
   * What each length takes from its own cotangent by the skip, and from the one below by the
   * branch.
   */
  private static List<Cotangents> longer(List<Activation> byLength) {
    List<Cotangents> all = new ArrayList<>();
    for (int length = 0; length <= byLength.size(); length++) {
      Activation skip = length < byLength.size() ? byLength.get(length) : null;
      Activation branch = length > 0 ? byLength.get(length - 1) : null;
      all.add(new Cotangents(skip, 1, branch, 1));
    }
    return all;
  }

  private static JsonObject json(String name) throws IOException {
    return JsonParser.parseString(new String(bytes(name), UTF_8)).getAsJsonObject();
  }

  /** The largest deviation of any row of logits, relative to the row's largest logit. */
  private static double deviation(String name, Case network, String backend, Precision precision)
      throws IOException {
    JsonObject golden = json(name + ".json");
    Weights weights = weights(name, network);
    ModelOptions options = ModelOptions.defaults().withDevice("cpu").withPrecision(precision);
    Network opened = Backends.load(backend).network(weights, options);
    try (Activation stem = opened.stem(pixels(golden, network.architecture()), IMAGES)) {
      double largest = compare(golden.getAsJsonArray("intact"), logits(opened, stem, 0));
      JsonArray deleted = golden.getAsJsonArray("deleted");
      assertThat(deleted.size()).isEqualTo(network.architecture().size());
      for (int block = 1; block <= deleted.size(); block++) {
        JsonArray row = deleted.get(block - 1).getAsJsonObject().getAsJsonArray("logits");
        largest = Math.max(largest, compare(row, logits(opened, stem, block)));
      }
      return largest;
    } finally {
      opened.close();
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

  private static double compare(JsonArray golden, double[] logits) {
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

  /** Normalised, unless the first convolution does that. */
  private static float[] pixels(JsonObject golden, Architecture architecture) {
    InputSpec input = architecture.input();
    int plane = input.height() * input.width();
    float[] pixels = new float[IMAGES * 3 * plane];
    int i = 0;
    for (JsonElement image : golden.getAsJsonArray("bytes")) {
      for (JsonElement value : image.getAsJsonArray()) {
        int channel = i / plane % 3;
        double scaled =
            (value.getAsInt() / 255.0 - input.mean().get(channel)) / input.std().get(channel);
        pixels[i++] = normalises(architecture) ? value.getAsInt() : (float) scaled;
      }
    }
    assertThat(i).isEqualTo(pixels.length);
    return pixels;
  }

  /**
   * Whether the first convolution is given the normalisation: one without padding can have it. A
   * transformer makes more of the rounding of pixels in float32 than this test allows.
   */
  private static boolean normalises(Architecture architecture) {
    return ((Layer.Convolution) architecture.stem().layers().get(0)).padding() == 0;
  }

  /** The kernel over (255 · std), and the bias without the means' part. */
  private static void normalise(InputSpec input, double[] kernel, double[] bias) {
    int taps = kernel.length / bias.length / 3;
    for (int i = 0; i < kernel.length; i++) {
      int channel = i / taps % 3;
      double std = input.std().get(channel);
      bias[i / taps / 3] -= kernel[i] * input.mean().get(channel) / std;
      kernel[i] /= 255 * std;
    }
  }

  private static Weights weights(String name, Case network) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes(name + ".safetensors")).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(file.getLong());
    JsonObject tensors =
        JsonParser.parseString(new String(file.array(), 8, header, UTF_8)).getAsJsonObject();
    Map<String, double[]> all = new LinkedHashMap<>();
    for (ParameterSpec parameter : network.architecture().parameters()) {
      String theirs = network.names().apply(parameter.name());
      JsonObject tensor =
          Objects.requireNonNull(
              tensors.getAsJsonObject(theirs), parameter.name() + " is no " + theirs);
      int offset = 8 + header + tensor.getAsJsonArray("data_offsets").get(0).getAsInt();
      double[] values = new double[Math.toIntExact(parameter.count())];
      int end = 8 + header + tensor.getAsJsonArray("data_offsets").get(1).getAsInt();
      assertThat(end - offset).as(theirs).isEqualTo(4 * values.length);
      file.position(offset);
      FloatBuffer floats = file.asFloatBuffer();
      Arrays.setAll(values, floats::get);
      all.put(parameter.name(), values);
    }
    Architecture architecture = network.architecture();
    if (normalises(architecture)) {
      String stem = architecture.stemLayers().get(0).name();
      normalise(
          architecture.input(),
          Objects.requireNonNull(all.get(stem + ".weight")),
          Objects.requireNonNull(all.get(stem + ".bias")));
    }
    List<NamedTensor> list =
        architecture.parameters().stream()
            .map(
                p -> NamedTensor.of(p.name(), p.shape(), Objects.requireNonNull(all.get(p.name()))))
            .toList();
    return Weights.of(architecture, list, true, name);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = CaseNetworksTest.class.getResourceAsStream("/networks/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
