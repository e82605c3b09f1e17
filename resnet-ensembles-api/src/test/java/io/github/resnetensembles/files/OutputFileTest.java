package io.github.resnetensembles.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;

  @Test
  void textIsWrittenAndNothingElseStays() throws IOException {
    Path file = folder.resolve("a.json");
    OutputFile output = new OutputFile(file);

    assertThat(output.obstacle()).isEmpty();
    assertThat(folder).isEmptyDirectory();
    output.write("é");
    output.write("ü");

    assertThat(file).hasBinaryContent("ü".getBytes(UTF_8));
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void aFailureLeavesTheOldContent() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");

    assertThatThrownBy(
            () ->
                new OutputFile(file)
                    .write(
                        out -> {
                          out.write(1);
                          throw new IOException("disk full");
                        }))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot write " + file + ": disk full");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void checkingFindsWhatWritingWould() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertObstacle(folder, "it is a directory");
    assertObstacle(folder.resolve("none/a"), "there is no directory " + folder.resolve("none"));
    assertObstacle(file.resolve("a"), "there is no directory " + file);
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void namesOf255BytesAreWrittenAndLongerOnesRefused() throws IOException {
    Path longest = folder.resolve("é".repeat(127) + "a");
    new OutputFile(longest).write("text");
    assertThat(longest).hasContent("text");
    assertObstacle(folder.resolve("é".repeat(128)), "File name too long");
  }

  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX files")
  @Test
  void linksAreFollowed() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("real"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    Path ahead = Files.createSymbolicLink(folder.resolve("ahead"), Path.of("made"));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);

    new OutputFile(second).write("new");
    new OutputFile(ahead).write("made");

    assertThat(real).hasContent("new").isRegularFile();
    assertThat(second).isSymbolicLink();
    assertThat(folder.resolve("made")).hasContent("made").isRegularFile();
    assertObstacle(loop, "too many levels of symbolic links");
  }

  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX files")
  @Test
  void theLibrarysOwnWritersKeepModesAndFollowLinks() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));

    Weights.initialised(Architecture.resnet(8), 1).save(link);

    assertThat(link).isSymbolicLink();
    assertThat(Weights.from(real).load().architecture().name()).isEqualTo("resnet-8");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-rw-rw-");
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void devicesAreWrittenTo() {
    Path nothing = Path.of("/dev/null");
    assertThat(new OutputFile(nothing).obstacle()).isEmpty();
    new OutputFile(nothing).write("text");
    assertThat(Files.isRegularFile(nothing)).isFalse();

    assertThat(new OutputFile(Path.of("/dev/full")).obstacle()).isEmpty();
    assertThatThrownBy(() -> new OutputFile(Path.of("/dev/full")).write("text"))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot write /dev/full: No space left on device");
  }

  private static void assertObstacle(Path file, String reason) {
    assertThat(new OutputFile(file).obstacle()).contains(reason);
    assertThatThrownBy(() -> new OutputFile(file).write("text"))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot write " + file + ": " + reason);
  }
}
