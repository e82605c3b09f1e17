package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples run; the lesion study needs the default backend. */
class ExamplesTest {
  @Test
  void lesionStudy() {
    String out = said(LesionStudyExample::run);

    assertThat(out.lines().limit(9))
        .hasSize(9)
        .allMatch(line -> line.matches("delete\\{\\d}: \\d+ of 100 wrong"));
    assertThat(out.lines().skip(9).findFirst().orElseThrow()).contains("lesion", "wrong", "total");
  }

  @Test
  void paths() {
    assertThat(said(PathsExample::run).lines())
        .startsWith("18014398509481984")
        .contains("0.75", "{52,53,54}", "70278")
        .satisfies(
            lines -> {
              assertThat(Double.parseDouble(lines.get(1))).isCloseTo(0.98017, within(5e-6));
              assertThat(Double.parseDouble(lines.get(2))).isCloseTo(0.0045367, within(5e-8));
              assertThat(Double.parseDouble(lines.get(3))).isCloseTo(0.0055, within(5e-5));
            })
        .hasSize(9);
  }

  @Test
  void mostProbablePaths() {
    assertThat(said(PathsExample::mostProbable).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("53 blocks: .*E-\\d+"),
            line -> assertThat(line).matches("54 blocks: .*E-\\d+"),
            line -> assertThat(line).matches("5[234] blocks: .*E-\\d+"),
            line ->
                assertThat(line)
                    .startsWith("{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17} has the log"));
  }

  @Test
  void ownArchitecture() {
    assertThat(said(ArchitectureExample::run).lines())
        .hasSize(5)
        .startsWith("4 blocks, the last gives (64, 16, 16)")
        .anyMatch(line -> line.matches("delete\\{4}: \\d+ wrong"));
  }

  @Test
  void listener() {
    assertThat(said(ListenerExample::run).lines())
        .anyMatch(line -> line.matches("\\d+ of \\d+ block evaluations"))
        .contains("cleared true")
        .last()
        .asString()
        .matches("complete false, images \\d+")
        .doesNotEndWith(" 1000");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void statistics(@TempDir Path folder) {
    assertThat(said(out -> StatisticsExample.run(out, folder)).lines())
        .anyMatch(line -> line.matches("delete\\{9} lost \\d+ and won \\d+ images, p .*"))
        .anyMatch(line -> line.startsWith("one block deleted,9,"))
        .anyMatch(line -> line.matches("3\\.0 deleted: mean probability 0\\.\\d+"))
        .last()
        .asString()
        .matches("smallest margin -?\\d+\\.\\d+");
    assertThat(folder.resolve("my-deletions.svg")).content(UTF_8).contains("<svg", "deleted block");
  }

  @Test
  void ownLesion() {
    assertThat(said(OwnLesionExample::run).lines())
        .anyMatch(line -> line.matches("scale\\{1.*scale\\{9.*: \\d+ wrong"))
        .anyMatch(line -> line.matches("swap.*delete\\{5}.*: \\d+ wrong"))
        .last()
        .asString()
        .matches("clipped: \\d+ wrong");
  }

  @Test
  void gradients() {
    assertThat(said(GradientsExample::run).lines())
        .hasSize(5)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).matches("\\d to \\d");
              assertThat(Double.parseDouble(lines.get(1))).isBetween(0.0, 1.0);
              assertThat(Double.parseDouble(lines.get(2))).isBetween(0.0, 1e-3);
              assertThat(Double.parseDouble(lines.get(4))).isPositive();
            });
  }

  @Test
  void training(@TempDir Path folder) {
    assertThat(said(out -> TrainingExample.run(out, folder, 128)).lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("error 0\\.\\d+"))
        .anyMatch(line -> line.matches("delete\\{3}: \\d+ wrong"));
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void trainingSeries(@TempDir Path folder) {
    assertThat(said(out -> TrainingSeriesExample.run(out, folder, 50)).lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("mean error Estimate[value=0."));
    assertThat(folder.resolve("networks")).isNotEmptyDirectory();
  }

  @Test
  void shapley() {
    assertThat(said(ShapleyExample::run).lines())
        .hasSize(11)
        .anyMatch(line -> line.matches("block 9 is worth -?[0-9.E-]+"))
        .anyMatch(line -> line.startsWith("errors correlate: "));
  }

  @Test
  void ownNetwork() {
    assertThat(said(OwnNetworkExample::run).lines())
        .hasSize(2)
        .allMatch(line -> line.matches("delete\\{[12]}: \\d+ of 50 wrong"));
  }

  @Test
  void checkpoint(@TempDir Path folder) throws IOException {
    Path own = folder.resolve("own.safetensors");
    Weights.initialised(Architecture.resnet(8), 1).save(own);
    Path checkpoint = withNamesOfItsOwn(own, folder.resolve("checkpoint.safetensors"));

    assertThat(said(out -> CheckpointExample.run(out, checkpoint, folder)).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("resnet-8, SHA-256 of the values [0-9a-f]{64}"),
            line -> assertThat(line).matches("error rate 0\\.\\d+"));
    assertThat(folder.resolve("delete-one.svg")).content(UTF_8).contains("<svg");
  }

  @Test
  void firstLookAtACheckpoint(@TempDir Path folder) {
    Path own = folder.resolve("own.safetensors");
    Weights.initialised(Architecture.resnet(8), 1).save(own);

    assertThat(
            said(out -> CheckpointExample.first(out, own, ImageSets.builtIn().limit(50))).lines())
        .hasSizeGreaterThan(4)
        .satisfies(lines -> assertThat(lines.get(0)).matches("0\\.\\d+"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("lesion", "wrong", "total"));
  }

  /** What another program would have written: other names, and no description of the network. */
  private static Path withNamesOfItsOwn(Path own, Path target) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(own)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(bytes.getLong())];
    bytes.get(header);
    JsonObject renamed = new JsonObject();
    JsonParser.parseString(new String(header, UTF_8))
        .getAsJsonObject()
        .entrySet()
        .forEach(tensor -> renamed.add("backbone." + tensor.getKey(), tensor.getValue()));
    renamed.remove("backbone.__metadata__");
    byte[] text = renamed.toString().getBytes(UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + text.length + bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(target, out.putLong(text.length).put(text).put(bytes).array());
    return target;
  }

  @Test
  void sequences() {
    List<String> lines = said(SequentialExample::run).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("1.0 deleted: Estimate[value=0.");
    assertThat(lines.get(3)).startsWith("Optional[TARGET] at Cost[");
  }

  @Test
  void reordering() {
    List<String> lines = said(ReorderingExample::run).lines().toList();

    assertThat(lines).hasSizeGreaterThan(2);
    assertThat(lines.subList(0, lines.size() - 1))
        .allMatch(line -> line.matches("[01]\\.\\d+: \\d+ orders, Estimate\\[.*"));
    assertThat(lines.get(lines.size() - 1)).startsWith("Spearman: Estimate[");
  }

  @Test
  void store(@TempDir Path folder) {
    assertThat(said(out -> StoreExample.run(out, folder)).lines())
        .containsExactly("20 rows, complete: true", "found again: true");
  }

  @Test
  void report(@TempDir Path folder) {
    Weights weights = Weights.pretrained("preresnet-20");

    assertThat(said(out -> ReportExample.run(out, folder, weights)).lines())
        .containsExactly(folder.resolve("report.html").toString());
    assertThat(folder.resolve("report.html"))
        .content(UTF_8)
        .contains("Deleting one block", "Reordering blocks", "The gradient by path length");
  }

  @Test
  void recalibration() {
    assertThat(said(RecalibrationExample::run).lines())
        .hasSize(10)
        .anyMatch(line -> line.matches("delete\\{9}: \\d+ wrong, then \\d+"))
        .last()
        .asString()
        .contains("delete{2}");
  }

  @Test
  void ownBackend() {
    assertThat(said(OwnBackendExample::run).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("reference: \\d+ of 20 wrong"),
            line -> assertThat(line).startsWith("loss "),
            line -> assertThat(line).matches("quantised: \\d+ of 20 wrong"),
            line -> assertThat(line).startsWith("loss "));
  }

  @Test
  void ownBackendIsFoundOnceItIsPluggedIn(@TempDir Path folder) throws IOException {
    assertThat(Backends.names()).containsExactly("djl", "reference");
    try (PluggedIn plugged = PluggedIn.of(QuantisingBackend.class, folder)) {
      assertThat(plugged).isNotNull();
      assertThat(Backends.names()).containsExactly("djl", "quantised", "reference");
      assertThat(Backends.load("quantised")).isInstanceOf(QuantisingBackend.class);
    }
  }

  private interface Example {
    void run(PrintStream out) throws IOException, InterruptedException;
  }

  private static String said(Example example) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      example.run(new PrintStream(out, true, UTF_8));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString(UTF_8);
  }
}
