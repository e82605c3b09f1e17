package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights and images are looked at more than once, so a pipe cannot be one of them: it is refused
 * before it is opened, which would wait for a writer for ever.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no pipes among its files")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeInputsTest {
  private static final String MESSAGE =
      "cannot read %s: it is not a regular file; copy what it gives into one";

  @TempDir Path folder;
  private Path pipe;

  @BeforeEach
  void makeThePipe() throws Exception {
    pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
  }

  @Test
  void weights() {
    assertThatThrownBy(() -> Weights.of(pipe))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(MESSAGE, pipe);
  }

  @Test
  void images() throws Exception {
    String message = String.format(Locale.ROOT, MESSAGE, pipe);
    assertThatThrownBy(() -> ImageSets.open(pipe, ImageSets.Split.TEST))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> ImageSets.cifar10(pipe)).hasMessage(message);
    assertThatThrownBy(() -> ImageSets.cifar100(pipe)).hasMessage(message);
    Path file = Files.write(folder.resolve("file"), new byte[100]);
    assertThatThrownBy(() -> ImageSets.mnist(pipe, file)).hasMessage(message);
  }

  @Test
  void imagesInAFolder() throws Exception {
    Path batch = folder.resolve("data_batch_1.bin");
    Files.move(pipe, batch);
    assertThatThrownBy(() -> ImageSets.open(folder, ImageSets.Split.TRAIN))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(MESSAGE, batch);
    Files.move(batch, folder.resolve("test_batch.bin"));
    assertThatThrownBy(() -> ImageSets.open(folder, ImageSets.Split.TEST))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageStartingWith("no test images in " + folder);
  }
}
