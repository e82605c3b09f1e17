package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is given and cannot be read is bad input, found before the work. */
class UnreadableInputsTest {
  private static final String REFERENCE = " --backend reference --quiet";

  @TempDir private Path folder;

  private static void assertRefused(String words, String message) {
    CommandRun run = CommandRun.words(words);
    assertThat(run.err()).isEqualTo("error: " + message + System.lineSeparator());
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict --data builtin --weights {}",
        "predict --arch resnet-8 --data {}",
        "lesion --arch resnet-8 --delete 1 --data {}",
        "lesion --arch resnet-8 --data builtin --plan {}",
        "lesion --arch resnet-8 --data builtin --order {}",
        "lesion --arch resnet-8 --data builtin --replace-mean 1 --reference {}",
        "shapley --arch resnet-8 --data {}",
        "gradients --arch resnet-8 --data {}",
        "train --arch resnet-8 --out ./out --data {}",
        "report --train --data {} --out ./out"
      })
  void missingFilesAreNamed(String words) {
    Path missing = folder.resolve("none");

    assertRefused(
        words.replace("{}", missing.toString()).replace("./", folder + "/") + REFERENCE,
        "cannot read " + missing + ": no such file or directory; check the path");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict --data builtin --weights {}",
        "lesion --arch resnet-8 --data builtin --plan {}",
        "lesion --arch resnet-8 --data builtin --order {}"
      })
  void directoriesAreNamed(String words) {
    assertRefused(
        words.replace("{}", folder.toString()) + REFERENCE,
        "cannot read " + folder + ": it is a directory; name the file in it");
  }

  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict --arch resnet-8 --backend reference --data {}",
        "lesion --arch resnet-8 --backend reference --data builtin --order {}",
        "merge {} --json ./out.json",
        "plot {} --plot ./out.svg"
      })
  void filesWhoseDeviceFailsAreNamed(String words) {
    assertRefused(
        words.replace("{}", "/proc/self/mem").replace("./", folder + "/"),
        "cannot read /proc/self/mem: Input/output error; check the path, and the disk or network"
            + " that it lies on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train --arch resnet-8", "report"})
  void aFolderThatCannotBeIsNamed(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "x");

    assertRefused(
        command + " --data builtin --out " + file + REFERENCE,
        "cannot use the folder "
            + file
            + ": a file has that name; make it writable, or name another folder");
    assertThat(file).content().isEqualTo("x");
  }

  @Test
  void aCheckpointThatCannotBeReadIsNamed() throws IOException {
    Path checkpoint =
        Files.createDirectories(folder.resolve("out/checkpoint-000000001.safetensors"));

    assertRefused(
        "train --arch resnet-8 --data builtin --resume --out " + folder.resolve("out") + REFERENCE,
        "cannot read "
            + checkpoint
            + ": it is a directory; name the file in it, or move it away to go on without it");
  }
}
