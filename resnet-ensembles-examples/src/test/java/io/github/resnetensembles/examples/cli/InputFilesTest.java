package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.StudyInterruptedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
          .isInstanceOf(StudyInterruptedException.class)
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
