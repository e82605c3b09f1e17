package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class FilePathTest {
  @Test
  void pathsAreThoseOfTheFileSystem() {
    assertThat(new FilePath().convert("a/b.pt")).isEqualTo(Path.of("a", "b.pt"));
  }

  /** No file system has a name with a zero in it; a locale without é has no name with an é. */
  @Test
  void namesThatTheFileSystemCannotHaveComeWithARemedy() {
    assertThatThrownBy(() -> new FilePath().convert("a\0b"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("is no path in the locale's encoding")
        .hasMessageEndingWith("set the environment variable LC_ALL=C.UTF-8");
  }
}
