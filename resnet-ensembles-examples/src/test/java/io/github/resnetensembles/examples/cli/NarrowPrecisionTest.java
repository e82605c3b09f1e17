package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Precisions of 16 bits. */
class NarrowPrecisionTest {
  private static final String SWEEP =
      "lesion --delete each --weights pretrained:preresnet-20 --data builtin --limit 100 --quiet"
          + " --device cpu";

  @TempDir Path folder;

  @Test
  void float16IsRefusedOnAProcessor() {
    CommandRun run = CommandRun.words(SWEEP + " --precision float16");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "error: the precision float16 is for GPUs; on a processor choose bfloat16 or float32\n");
  }

  /** The weakest instructions stand for another machine. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void bfloat16IsRefusedOnAProcessorWithoutIt() throws IOException, InterruptedException {
    String[] words = (SWEEP + " --precision bfloat16").split(" ");
    try (SubProcess process =
        SubProcess.of(Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"), Main.class.getName(), words)) {
      assertThat(process.awaitLine("error: "))
          .contains("needs a processor with AVX512-BF16 or AMX, or a GPU", ": choose float32");
      assertThat(process.exitCode()).isEqualTo(2);
    }
  }

  @Nested
  class OnAProcessorThatComputesInIt {
    @BeforeEach
    void assumeOne() throws IOException {
      Path file = Path.of("/proc/cpuinfo");
      assumeTrue(
          Files.exists(file) && Files.readString(file).contains("avx512_bf16"),
          "the processor does not compute in bfloat16");
    }

    @Test
    void aStudySaysWhatItChanges() throws IOException {
      Path file = folder.resolve("narrow.json");
      CommandRun run = CommandRun.words(SWEEP + " --precision bfloat16 --json " + file);

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out())
          .containsPattern(
              "precision: bfloat16, which changes (none|[0-9]+) of the intact network's predictions");
      JsonObject provenance =
          JsonParser.parseString(Files.readString(file, UTF_8))
              .getAsJsonObject()
              .getAsJsonObject("provenance");
      assertThat(provenance.get("precision").getAsString()).isEqualTo("BFLOAT16");
      assertThat(provenance.getAsJsonArray("flips").size()).isLessThan(5);
    }

    @Test
    void anotherPrecisionIsNotMerged() {
      String wide = folder.resolve("wide.json").toString();
      String narrow = folder.resolve("narrow.json").toString();
      CommandRun.words(SWEEP + " --json " + wide);
      CommandRun.words(SWEEP + " --precision bfloat16 --json " + narrow);
      CommandRun merged =
          CommandRun.words(
              "merge " + wide + " " + narrow + " --json " + folder.resolve("merged.json"));
      assertThat(merged.exitCode()).isEqualTo(2);
      assertThat(merged.err()).contains("precision", "FLOAT32", "BFLOAT16");
    }

    @Test
    void gradientsAreRefusedWithAWayOut() {
      CommandRun run =
          CommandRun.words(
              "gradients --weights pretrained:preresnet-20 --data builtin --batches 1 --quiet"
                  + " --device cpu --precision bfloat16");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("in bfloat16; measure gradients in float32 or float64");
    }

    @Test
    void aTrainingRunsInIt() {
      String training =
          "train --arch resnet-8 --data builtin --limit 100 --test-limit 50 --batch 50 --quiet"
              + " --device cpu --precision bfloat16 --out "
              + folder.resolve("trained")
              + " --epochs ";
      assertThat(CommandRun.words(training + "1").exitCode()).isZero();
      assertThat(folder.resolve("trained")).isNotEmptyDirectory();
    }
  }
}
