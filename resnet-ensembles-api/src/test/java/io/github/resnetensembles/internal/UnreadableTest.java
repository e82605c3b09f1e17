package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UnreadableTest {
  @TempDir private Path folder;

  private static void assertSaid(Path file, IOException cause, String reasonAndRemedy) {
    assertThat(FileAccessException.reading(file, cause))
        .hasMessage("cannot read " + file + ": " + reasonAndRemedy)
        .hasCause(cause);
  }

  @Test
  void saysWhyAndWhatHelps() {
    Path file = folder.resolve("a.pt");
    assertSaid(
        file,
        new NoSuchFileException(file.toString()),
        "no such file or directory; check the path");
    assertSaid(
        file,
        new AccessDeniedException(file.toString()),
        "access denied; allow the user who runs this to read it");
    assertSaid(
        file,
        new FileSystemException(file.toString(), null, "Stale file handle"),
        "Stale file handle; check the path, and the disk or network that it lies on");
    assertSaid(
        file,
        new IOException("Input/output error"),
        "Input/output error; check the path, and the disk or network that it lies on");
    assertSaid(folder, new IOException("Is a directory"), "it is a directory; name the file in it");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
  void aLinkIsToldFromAMissingFile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
    assertSaid(
        link,
        new NoSuchFileException(link.toString()),
        "it is a link to a file that does not exist; mend the link");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "names have no line breaks there")
  void namesStayOnTheLine() {
    assertThat(Unreadable.describe(folder.resolve("a\nb"), new IOException("x")))
        .contains("a?b: x")
        .hasLineCount(1);
  }

  @Test
  void directoriesAndMissingFilesAreNotRegular() throws IOException {
    Path file = Files.createFile(folder.resolve("a"));
    Unreadable.requireRegular(file);
    assertThat(Unreadable.isRegular(file)).isTrue();
    assertThat(Unreadable.isRegular(folder)).isFalse();
    assertThat(Unreadable.isRegular(folder.resolve("b"))).isFalse();
    assertThatThrownBy(() -> Unreadable.requireRegular(folder))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Unreadable.requireRegular(folder.resolve("b")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void devicesAreNotRegular() {
    Path device = Path.of("/dev/null");
    assertThatThrownBy(() -> Unreadable.requireRegular(device))
        .isInstanceOfSatisfying(
            IOException.class,
            e -> assertSaid(device, e, "it is not a regular file; copy what it gives into one"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatCannotBeToldIsNoMissingFile() {
    Path file = folder.resolve("x".repeat(300));
    assertThatThrownBy(() -> Unreadable.isRegular(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("File name too long");
  }
}
