package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.LesionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals at random moments of work on native code, while all processors are busy. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class SignalsTest {
  private static final int TIMES = 10;

  @TempDir private Path folder;
  private final List<Thread> load = new ArrayList<>();
  private volatile boolean loaded = true;

  @BeforeEach
  void keepTheProcessorsBusy() {
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread =
          new Thread(
              () -> {
                double sum = 0;
                while (loaded) {
                  sum += Math.sqrt(sum + 1);
                }
                assertThat(sum).isPositive();
              });
      thread.setDaemon(true);
      thread.start();
      load.add(thread);
    }
  }

  @AfterEach
  void rest() throws InterruptedException {
    loaded = false;
    for (Thread thread : load) {
      thread.join();
    }
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @CsvSource({"TERM, 143, 1", "INT, 130, 2", "HUP, 129, 5"})
  void endsInOrder(String signal, int exitCode, long seed) throws Exception {
    IgnoredSignals.assumeDelivered(signal);
    Random random = new Random(seed);
    int reports = 0;
    int longest = 4000;
    for (int i = 0; i < TIMES; i++) {
      Path json = folder.resolve(i + ".json");
      Path log = folder.resolve(i + ".log");
      endAfter(
          random.nextInt(longest),
          signal,
          exitCode,
          "cost:", // Printed when everything is open and the sweep begins.
          log,
          "lesion --arch resnet-20 --data builtin --delete pairs --batch 20 --quiet --json "
              + json);
      if (Files.exists(json)) {
        LesionReport report = LesionReport.fromJson(Files.readString(json, UTF_8));
        assertThat(report.complete()).isFalse();
        assertThat(report.rows()).hasSize(36);
        assertThat(report.rows().get(0).total() % 20).isZero();
        reports++;
      } else if (reports == 0) {
        longest *= 2; // A busy machine needs longer for its first batch.
      }
    }
    assertThat(reports).as("interrupted sweeps that had a batch to keep").isPositive();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("hs_err") || name.endsWith(".part"));
    }
  }

  /** An interrupted training ends its step and keeps it. */
  @ParameterizedTest(name = "{0}, seed {2}")
  @CsvSource({"TERM, 143, 3", "INT, 130, 4"})
  void trainingsEndInOrder(String signal, int exitCode, long seed) throws Exception {
    IgnoredSignals.assumeDelivered(signal);
    Random random = new Random(seed);
    for (int i = 0; i < TIMES / 2; i++) {
      Path out = folder.resolve("run" + i);
      Path log = folder.resolve(i + ".log");
      endAfter(
          random.nextInt(3000),
          signal,
          exitCode,
          "epoch 1:",
          log,
          "train --arch resnet-8 --data builtin --limit 640 --test-limit 40 --batch 32 --epochs 200"
              + " --threads 1 --quiet --out "
              + out);
      Matcher said =
          Pattern.compile("interrupted in epoch \\d+ after step (\\d+); resume from")
              .matcher(Files.readString(log, UTF_8));
      assertThat(said.find()).as(Files.readString(log, UTF_8)).isTrue();
      assertThat(out)
          .isDirectoryContaining(
              String.format(
                  Locale.ROOT,
                  "glob:**checkpoint-%09d.safetensors",
                  Integer.parseInt(said.group(1))));
    }
  }

  private void endAfter(
      int millis, String signal, int exitCode, String begun, Path log, String command)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    words.addAll(List.of(command.split(" ", -1)));
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (process.isAlive() && !Files.readString(log, UTF_8).contains(begun)) {
      Thread.sleep(20);
    }
    assertThat(process.isAlive()).as(Files.readString(log, UTF_8)).isTrue();
    Thread.sleep(millis);
    int sent =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    assertThat(sent).as("kill").isZero();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the command ended").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log, UTF_8)).isEqualTo(exitCode);
  }
}
