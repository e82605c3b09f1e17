package io.github.resnetensembles.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.RecordedOutputs;
import io.github.resnetensembles.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs of another implementation tell which block was taken for another. */
class RecordedOutputsTest {
  private static final int IMAGES = 2;

  @TempDir private Path folder;

  private static Architecture named(String name) {
    return TinyNetworks.all().stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Network network(Architecture architecture) {
    return new ReferenceBackend()
        .network(Weights.initialised(architecture, 3), ModelOptions.defaults().withThreads(1));
  }

  private static NamedTensor input(Architecture architecture, int images) {
    float[] pixels = new float[images * architecture.input().paddedShape().size()];
    Random random = new Random(5);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return NamedTensor.of("input", shape(architecture, images), pixels);
  }

  private static List<Integer> shape(Architecture architecture, int images) {
    return List.of(
        images,
        architecture.input().paddedShape().channels(),
        architecture.input().paddedShape().height(),
        architecture.input().paddedShape().width());
  }

  /** Everything that a network gives. */
  private static RecordedOutputs record(Architecture architecture, int images, boolean tokens) {
    NamedTensor input = input(architecture, images);
    Map<Integer, NamedTensor> outputs = new LinkedHashMap<>();
    try (Network network = network(architecture)) {
      double[] logits =
          Steps.logits(
              network,
              Wiring.intact(architecture),
              input.floats(),
              images,
              (step, y) -> {
                int c = y.shape().channels();
                int h = y.shape().height();
                outputs.put(
                    step - 1,
                    tokens
                        ? NamedTensor.of(
                            "output", List.of(images, h, c), tokens(y.values(), images, c, h))
                        : NamedTensor.of(
                            "output", List.of(images, c, h, y.shape().width()), y.values()));
              });
      return new RecordedOutputs(
          "recorded",
          input,
          outputs,
          Optional.of(
              NamedTensor.of("logits", List.of(images, architecture.head().classes()), logits)));
    }
  }

  private static double[] tokens(double[] values, int images, int width, int length) {
    double[] turned = new double[values.length];
    for (int n = 0; n < images; n++) {
      for (int d = 0; d < width; d++) {
        for (int t = 0; t < length; t++) {
          turned[(n * length + t) * width + d] = values[(n * width + d) * length + t];
        }
      }
    }
    return turned;
  }

  private static Verification verify(Architecture architecture, RecordedOutputs recorded) {
    try (ResidualModel model = ResidualModel.of(network(architecture))) {
      return model.verify(recorded, 1e-9);
    }
  }

  @Test
  void equalNetworksAgreeInEveryOutput() {
    Architecture network = TinyNetworks.postActivation();
    RecordedOutputs recorded = record(network, IMAGES, false);

    Verification found = verify(network, recorded);

    assertThat(found.failures()).isEmpty();
    assertThat(found.checks().stream().filter(Verification.Check::comparesRecorded))
        .hasSize(network.size() + 2);
    assertThat(found.checks()).hasSize(network.size() + 2 + 2 * network.size() + 3);
    assertThat(found.parity().compared()).isEqualTo(IMAGES * network.head().classes());
    assertThat(found.parity().firstDeviation()).isEmpty();
    assertThat(Verification.fromJson(found.toJson())).isEqualTo(found);
  }

  @Test
  void theFirstBlockThatDeviatesIsNamed() {
    Architecture network = TinyNetworks.postActivation();
    RecordedOutputs recorded = record(network, IMAGES, false);
    for (int wrong = 0; wrong <= network.size(); wrong++) {
      Map<Integer, NamedTensor> outputs = new LinkedHashMap<>(recorded.outputs());
      for (int later = wrong; later <= network.size(); later++) {
        NamedTensor output = Objects.requireNonNull(outputs.get(later));
        double[] values = output.doubles();
        values[values.length - 1] += 1e-6;
        outputs.put(later, NamedTensor.of("output", output.shape(), values));
      }
      Verification found =
          verify(
              network, new RecordedOutputs("wrong", recorded.input(), outputs, recorded.logits()));
      assertThat(found.parity().firstDeviation()).hasValue(wrong);
      assertThat(found.failures()).hasSize(network.size() + 1 - wrong);
    }
  }

  @Test
  void aWrongSettingIsFoundAtItsBlock() {
    Architecture network = TinyNetworks.postActivation();
    Architecture other = network.toBuilder().batchNormEpsilon(0.5).build();

    Verification found = verify(other, record(network, IMAGES, false));

    assertThat(found.parity().firstDeviation()).hasValue(0);
  }

  @Test
  void tokensAreTurned() {
    Architecture network = named("tiny-tokens");
    assertThat(verify(network, record(network, IMAGES, true)).failures()).isEmpty();
    assertThat(verify(network, record(network, IMAGES, false)).failures()).isEmpty();
  }

  /** The checks hold of every kind of network, with leads that are not affine, too. */
  @Test
  void allTinyNetworksAreWhatStudiesTakeThemFor() {
    for (Architecture network : TinyNetworks.all()) {
      Verification found = verify(network, record(network, IMAGES, false));
      assertThat(found.failures()).as(network.name()).isEmpty();
    }
  }

  @Test
  void someOutputsOfOneImageAreEnough() {
    Architecture network = TinyNetworks.postActivation();
    RecordedOutputs all = record(network, 1, false);
    RecordedOutputs some =
        new RecordedOutputs(
            "some",
            all.input(),
            Map.of(2, Objects.requireNonNull(all.outputs().get(2))),
            Optional.empty());

    Verification found = verify(network, some);

    assertThat(found.passed()).isTrue();
    assertThat(found.checks()).hasSize(1);
    assertThat(found.parity().compared()).isZero();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Architecture network = TinyNetworks.postActivation();
    RecordedOutputs all = record(network, IMAGES, false);
    NamedTensor stem = Objects.requireNonNull(all.outputs().get(0));
    NamedTensor flat =
        NamedTensor.of(
            "block.1", List.of(IMAGES, stem.floats().length / IMAGES, 1, 1), stem.floats());
    assertRefused(network, all.input(), Map.of(1, flat), "block.1 has the shape");
    assertRefused(network, all.input(), Map.of(network.size() + 1, stem), "there is no block");
    assertThatThrownBy(
            () ->
                verify(
                    network,
                    new RecordedOutputs(
                        "x",
                        NamedTensor.of("input", List.of(IMAGES, 1, 1, 1), new float[IMAGES]),
                        Map.of(0, stem),
                        Optional.empty())))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("takes");
    assertThatThrownBy(
            () ->
                verify(
                    network,
                    new RecordedOutputs(
                        "x",
                        all.input(),
                        Map.of(),
                        Optional.of(
                            NamedTensor.of("logits", List.of(IMAGES, 1), new float[IMAGES])))))
        .hasMessageContaining("logits, got 1");
    try (ResidualModel model = ResidualModel.of(network(network))) {
      assertThatThrownBy(() -> model.verify(all, -1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> model.verify(all, Double.NaN))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertRefused(
      Architecture network, NamedTensor input, Map<Integer, NamedTensor> outputs, String message) {
    assertThatThrownBy(
            () -> verify(network, new RecordedOutputs("x", input, outputs, Optional.empty())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void componentsAreChecked() {
    NamedTensor input = NamedTensor.of("input", List.of(2, 1, 1, 1), new float[2]);
    NamedTensor three = NamedTensor.of("stem", List.of(3, 1, 1, 1), new float[3]);
    NamedTensor flat = NamedTensor.of("input", List.of(2, 1), new float[2]);
    assertThatThrownBy(() -> new RecordedOutputs("x", flat, Map.of(0, input), Optional.empty()))
        .hasMessageContaining("input is the images (N, C, H, W), got the shape [2, 1]");
    assertThatThrownBy(() -> new RecordedOutputs("x", input, Map.of(0, three), Optional.empty()))
        .hasMessageContaining("has to begin with 2 images");
    assertThatThrownBy(() -> new RecordedOutputs("x", input, Map.of(-1, input), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordedOutputs("x", input, Map.of(), Optional.empty()))
        .hasMessageContaining("there is no output to compare");
  }

  @Test
  void files() throws IOException {
    Architecture network = TinyNetworks.postActivation();
    RecordedOutputs all = record(network, IMAGES, false);
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    tensors.put("logits", all.logits().orElseThrow());
    tensors.put("input", all.input());
    all.outputs().forEach((number, y) -> tensors.put(number == 0 ? "stem" : "block." + number, y));
    Path file = write(tensors, "F64");

    RecordedOutputs read = RecordedOutputs.read(file);

    assertThat(read.images()).isEqualTo(IMAGES);
    assertThat(read.source()).isEqualTo("outputs.safetensors");
    assertThat(new ArrayList<>(read.outputs().keySet()))
        .isEqualTo(List.of(0, 1, 2, 3, 4).subList(0, network.size() + 1));
    assertThat(verify(network, read).failures()).isEmpty();
  }

  @Test
  void damagedFiles() throws IOException {
    NamedTensor one = NamedTensor.of("x", List.of(1, 1, 1, 1), new float[] {1});
    NamedTensor nan = NamedTensor.of("x", List.of(1, 1, 1, 1), new float[] {Float.NaN});
    assertDamaged(Map.of("stem", one), "there is no tensor 'input'");
    assertDamaged(Map.of("input", one), "there is no output to compare");
    assertDamaged(Map.of("input", one, "block.0", one), "'block.0' is none of");
    assertDamaged(Map.of("input", one, "blocks.1", one), "'blocks.1' is none of");
    assertDamaged(Map.of("input", one, "stem", nan), "not finite");
    Path text = folder.resolve("text.safetensors");
    Files.writeString(text, "no outputs, only words");
    assertThatThrownBy(() -> RecordedOutputs.read(text))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("text.safetensors")
        .hasMessageContaining("no safetensors file");
    Path cut = folder.resolve("cut.safetensors");
    byte[] whole = Files.readAllBytes(write(Map.of("input", one, "stem", one), "F64"));
    Files.write(cut, Arrays.copyOf(whole, whole.length - 3));
    assertThatThrownBy(() -> RecordedOutputs.read(cut))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> RecordedOutputs.read(folder.resolve("missing")))
        .isInstanceOf(FileAccessException.class);
    assertThatThrownBy(() -> RecordedOutputs.read(write(Map.of("input", one, "stem", one), "I64")))
        .hasMessageContaining("not a floating one");
  }

  private void assertDamaged(Map<String, NamedTensor> tensors, String message) throws IOException {
    Path file = write(tensors, "F64");
    assertThatThrownBy(() -> RecordedOutputs.read(file))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("outputs.safetensors")
        .hasMessageContaining(message);
  }

  /** A file of tensors of eight bytes. */
  private Path write(Map<String, NamedTensor> tensors, String type) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    List<String> entries = new ArrayList<>();
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      int begin = data.size();
      for (double value : entry.getValue().doubles()) {
        data.write(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, value).array());
      }
      entries.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(entry.getKey(), type, entry.getValue().shape(), begin, data.size()));
    }
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length).array());
    file.write(header);
    file.write(data.toByteArray());
    Path path = folder.resolve("outputs.safetensors");
    Files.write(path, file.toByteArray());
    return path;
  }
}
