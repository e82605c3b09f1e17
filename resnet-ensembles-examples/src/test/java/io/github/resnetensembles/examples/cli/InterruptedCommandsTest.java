package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands on native code that are told to end: what was finished is written. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX signals")
class InterruptedCommandsTest {
  private static final int TIMES = 20;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}, SIG{1}")
  @CsvSource({
    "lesion, TERM, 143",
    "shapley, INT, 130",
    "gradients, HUP, 129",
    "predict, TERM, 143",
    "report, TERM, 143"
  })
  void writesWhatWasFinished(String command, String signal, int exitCode) throws Exception {
    endOnce(command, signal, exitCode, 0);
  }

  @Test
  void aPlainProgramEndsWithoutACrash() throws IOException, InterruptedException {
    try (SubProcess process = SubProcess.of(PlainProgram.class.getName())) {
      String unused = process.awaitLine("working");
      process.signal("TERM");
      assertThat(process.exitCode()).isEqualTo(143);
    }
  }

  static Stream<Arguments> allCommandsAndSignals() {
    return Stream.of("lesion", "shapley", "gradients", "predict", "report")
        .flatMap(
            command ->
                Stream.of(
                    Arguments.of(command, "TERM", 143),
                    Arguments.of(command, "INT", 130),
                    Arguments.of(command, "HUP", 129)));
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}, SIG{1}")
  @MethodSource("allCommandsAndSignals")
  void twentyOfTwenty(String command, String signal, int exitCode) throws Exception {
    Random random = new Random(command.hashCode() + exitCode);
    for (int i = 0; i < TIMES; i++) {
      endOnce(command, signal, exitCode, random.nextInt(1500));
    }
  }

  private void endOnce(String command, String signal, int exitCode, int millis)
      throws IOException, InterruptedException {
    IgnoredSignals.assumeDelivered(signal);
    Path json = folder.resolve("result.json");
    Path out = Files.createTempDirectory(folder, "report");
    Files.deleteIfExists(json);
    try (SubProcess process =
        SubProcess.withService(services(), Main.class.getName(), words(command, json, out))) {
      if (command.equals("report")) {
        awaitPart(process, out);
      } else {
        String unused = process.awaitLine(AnnouncingBackend.FOURTH_BATCH);
        Thread.sleep(millis);
      }
      process.signal(signal);
      String said = process.awaitLine("error:");
      assertThat(said).contains("interrupted");
      assertThat(process.exitCode()).isEqualTo(exitCode);
    }
    check(command, json, out);
  }

  private Path services() throws IOException {
    Path file = folder.resolve("META-INF/services").resolve(Backend.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, AnnouncingBackend.class.getName());
    return folder;
  }

  /** Batches of a few milliseconds, minutes of work. */
  private String[] words(String command, Path json, Path out) throws IOException {
    String common = " --data builtin --backend announcing --threads 1 --quiet --json " + json;
    String line =
        switch (command) {
          case "lesion" -> "lesion --arch resnet-20 --delete pairs --batch 2" + common;
          case "shapley" -> "shapley --arch resnet-20 --draws 20 --batch 8" + common;
          case "gradients" -> "gradients --arch resnet-20 --batch 2 --batches 500" + common;
          case "predict" -> "predict --arch resnet-110 --batch 2" + common;
          default ->
              "report --weights "
                  + weights()
                  + " --data builtin --sections delete-one,delete-many,duplicate --threads 1"
                  + " --backend djl --quiet --out "
                  + out;
        };
    return line.split(" ", -1);
  }

  private Path weights() {
    Path file = folder.resolve("weights.safetensors");
    Weights.initialised(Architecture.of("resnet-20"), 1).save(file);
    return file;
  }

  private static void awaitPart(SubProcess process, Path out)
      throws IOException, InterruptedException {
    while (parts(out).isEmpty()) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(5);
    }
  }

  private static List<Path> parts(Path out) throws IOException {
    if (!Files.isDirectory(out.resolve("parts"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out.resolve("parts"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private static void check(String command, Path json, Path out) throws IOException {
    if (command.equals("report")) {
      assertThat(out.resolve("report.html")).doesNotExist();
      for (Path part : parts(out)) {
        assertThat(JsonParser.parseString(Files.readString(part)).isJsonObject()).isTrue();
      }
      return;
    }
    assertThat(json).exists();
    String text = Files.readString(json, UTF_8);
    JsonObject result = JsonParser.parseString(text).getAsJsonObject();
    switch (command) {
      case "lesion" -> {
        LesionReport report = LesionReport.fromJson(text);
        assertThat(report.complete()).isFalse();
        assertThat(report.rows()).hasSize(36);
        assertThat(report.baseline().total()).isPositive().isLessThan(2000);
      }
      case "gradients" -> assertThat(result.getAsJsonArray("lengths")).isNotEmpty();
      default -> {
        assertThat(result.get("complete").getAsBoolean()).isFalse();
        JsonArray range = result.getAsJsonArray("records").get(0).getAsJsonArray();
        assertThat(range.get(0).getAsInt()).isZero();
        assertThat(range.get(1).getAsInt()).isPositive().isLessThan(1000);
      }
    }
  }
}
