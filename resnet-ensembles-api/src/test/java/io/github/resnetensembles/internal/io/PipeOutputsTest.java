package io.github.resnetensembles.internal.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results that go to pipes, which somebody else has to read. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no pipes among its files")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeOutputsTest {
  private static final AtomicFiles.Content TEXT = out -> out.write("result".getBytes(UTF_8));

  @TempDir Path folder;
  private Path pipe;

  @BeforeEach
  void makeThePipe() throws Exception {
    pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
  }

  @Test
  void anInterruptEndsTheWaitForAReader() throws Exception {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> AtomicFiles.write(pipe, TEXT, Duration.ofMillis(200)))
          .isInstanceOf(FileAccessException.class)
          .hasMessage(
              "cannot write "
                  + pipe
                  + ": nobody read it within 0.2 seconds after the interruption; give a file, or"
                  + " begin to read first");
    } finally {
      assertThat(Thread.interrupted()).as("the flag").isTrue();
    }
    assertThat(Files.readString(pipe)).as("a reader that comes after all").isEqualTo("result");
  }

  @Test
  void anInterruptedResultReachesItsReader() throws Exception {
    CompletableFuture<String> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
                read.complete(Files.readString(pipe));
              } catch (Exception e) {
                read.completeExceptionally(e);
              }
            });
    reader.start();
    Thread.currentThread().interrupt();
    try {
      AtomicFiles.write(pipe, TEXT, Duration.ofSeconds(20));
    } finally {
      assertThat(Thread.interrupted()).as("the flag").isTrue();
    }
    assertThat(read.get()).isEqualTo("result");
  }

  @Test
  void filesAreWrittenHoweverLittlePatienceThereIs() throws Exception {
    Path file = folder.resolve("file");
    Thread.currentThread().interrupt();
    try {
      AtomicFiles.write(
          file,
          out -> {
            sleep();
            TEXT.writeTo(out);
          },
          Duration.ZERO);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Files.readString(file)).isEqualTo("result");
  }

  private static void sleep() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new AssertionError("an interrupt of the caller came through", e);
    }
  }
}
