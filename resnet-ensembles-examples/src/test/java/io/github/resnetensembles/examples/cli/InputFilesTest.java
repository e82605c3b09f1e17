package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that users name, which need not be regular files. */
class InputFilesTest {
  @TempDir Path folder;

  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lesion --arch resnet-8 --data builtin --backend reference --plan /dev/zero",
        "lesion --arch resnet-8 --data builtin --backend reference --order /dev/zero",
        "merge /dev/zero --json {}/out.json",
        "plot /dev/zero --plot {}/out.svg"
      })
  @Timeout(60)
  void endlessDevicesAreRefused(String words) {
    CommandRun run = CommandRun.words(words.replace("{}", folder.toString()));

    assertThat(run.err())
        .isEqualTo(
            "error: cannot read /dev/zero: it has bytes of value 0, so it is no text"
                + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(2);
  }

  /** A pipe says that it has 0 bytes. */
  @EnabledOnOs(OS.LINUX)
  @Test
  @Timeout(60)
  void pipesAreRead() throws IOException, InterruptedException {
    Path pipe = folder.resolve("order");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer = writing(pipe, "[1,3,2]", 1);

    assertThat(InputFiles.order(pipe)).containsExactly(1, 3, 2);
    writer.join();
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  @Timeout(60)
  void endlessTextIsRefused() throws IOException, InterruptedException {
    Path pipe = folder.resolve("order");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer = writing(pipe, "[1,3,2]".repeat(1000), 10_000);

    assertThatThrownBy(() -> InputFiles.order(pipe))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("cannot read " + pipe + ": it has more than 1048576 bytes");
    writer.join();
  }

  /** A pipe without a writer blocks in the system, out of which Java cannot wake a thread. */
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no pipes among its files")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lesion --arch resnet-8 --data builtin --backend reference --plan {}",
        "lesion --arch resnet-8 --data builtin --backend reference --order {}",
        "predict --weights {}.weights --data builtin --backend reference --rename {}",
        "merge {} {} --json {}.json",
        "plot {} --plot {}.svg"
      })
  @Timeout(60)
  void waitingForAWriterIsInterrupted(String words) throws Exception {
    Path pipe = pipe();
    FutureTask<CommandRun> command =
        new FutureTask<>(() -> CommandRun.words(words.replace("{}", pipe.toString())));
    Thread thread = new Thread(command);
    thread.start();
    Thread reader = awaitReader(pipe);

    thread.interrupt();

    CommandRun run = command.get(20, TimeUnit.SECONDS);
    assertThat(run.err())
        .isEqualTo("error: interrupted while " + pipe + " was read" + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(130);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(pipe);
    }
    assertThat(reader.isDaemon()).as("does not hold the JVM up").isTrue();
    // A writer that comes later finds a reader, which leaves at once.
    writing(pipe, "[1]", 1).join();
    reader.join();
  }

  @EnabledOnOs(value = OS.LINUX, disabledReason = "the names of threads are read from /proc")
  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  @Timeout(120)
  void waitingForAWriterEndsWithASignal(String signal, int exitCode) throws Exception {
    IgnoredSignals.assumeDelivered(signal);
    Path pipe = pipe();
    String[] words = {"merge", pipe.toString(), "--json", folder.resolve("json").toString()};
    try (SubProcess process = SubProcess.of(Main.class.getName(), words)) {
      process.awaitThread("reading ");
      process.signal(signal);
      assertThat(process.awaitLine("error:"))
          .isEqualTo("error: interrupted while " + pipe + " was read");
      assertThat(process.exitCode()).isEqualTo(exitCode);
    }
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static Thread awaitReader(Path pipe) throws InterruptedException {
    while (true) {
      for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
        boolean opening =
            Arrays.stream(thread.getValue())
                .anyMatch(frame -> frame.getMethodName().startsWith("open"));
        if (opening && thread.getKey().getName().equals("reading " + pipe)) {
          return thread.getKey();
        }
      }
      Thread.sleep(5);
    }
  }

  private static Thread writing(Path pipe, String text, int times) {
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream out = Files.newOutputStream(pipe)) {
                for (int i = 0; i < times; i++) {
                  out.write(text.getBytes(StandardCharsets.UTF_8));
                }
              } catch (IOException e) {
                // The reader has seen enough.
              }
            });
    writer.start();
    return writer;
  }

  @Test
  void readingIsInterrupted() throws IOException {
    Path file = Files.writeString(folder.resolve("order"), "[1,3,2]");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> InputFiles.order(file))
          .isInstanceOf(RunInterruptedException.class)
          .hasMessage("interrupted while " + file + " was read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1,null]", "{}", "[1,2.5]", "[1,", "[[1]]", "[1] [2]", "['1']"})
  void anOrderIsAnArrayOfNumbers(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("order"), text);

    assertThatThrownBy(() -> InputFiles.order(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(file + " is no JSON array of block numbers such as [1,3,2]");
  }
}
