package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.LesionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals at random moments of a sweep on native code, while all processors are busy. */
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
  @CsvSource({"TERM, 143, 1", "INT, 130, 2"})
  void endsInOrder(String signal, int exitCode, long seed) throws Exception {
    IgnoredSignals.assumeDelivered(signal);
    Random random = new Random(seed);
    int reports = 0;
    for (int i = 0; i < TIMES; i++) {
      Path json = folder.resolve(i + ".json");
      Path log = folder.resolve(i + ".log");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "lesion",
                  "--arch",
                  "resnet-20",
                  "--data",
                  "builtin",
                  "--delete",
                  "pairs",
                  "--batch",
                  "20",
                  "--quiet",
                  "--json",
                  json.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      waitForTheSweep(process, log);
      Thread.sleep(random.nextInt(4000));
      int sent =
          new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      assertThat(sent).as("kill").isZero();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the command ended").isTrue();
      assertThat(process.exitValue()).as(Files.readString(log, UTF_8)).isEqualTo(exitCode);
      if (Files.exists(json)) {
        LesionReport report = LesionReport.fromJson(Files.readString(json, UTF_8));
        assertThat(report.complete()).isFalse();
        assertThat(report.rows()).hasSize(36);
        assertThat(report.rows().get(0).total() % 20).isZero();
        reports++;
      }
    }
    assertThat(reports).as("interrupted sweeps that had a batch to keep").isPositive();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("hs_err") || name.endsWith(".part"));
    }
  }

  /** The cost is printed when everything is open and the sweep begins. */
  private static void waitForTheSweep(Process process, Path log)
      throws IOException, InterruptedException {
    while (process.isAlive() && !Files.readString(log, UTF_8).contains("cost:")) {
      Thread.sleep(20);
    }
    assertThat(process.isAlive()).as(Files.readString(log, UTF_8)).isTrue();
  }
}
