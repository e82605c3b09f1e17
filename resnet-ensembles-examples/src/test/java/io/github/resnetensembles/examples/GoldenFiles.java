package io.github.resnetensembles.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that keep their bytes, in the folder {@code formats} of the test resources. {@code
 * -Dformats.write} writes them anew; then look at the difference.
 */
public final class GoldenFiles {
  private static final Path FOLDER = Path.of("src/test/resources/formats");

  private GoldenFiles() {}

  /** Compares with a golden file, or writes it. */
  public static void check(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name);
    if (System.getProperty("formats.write") != null) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertThat(text).as(name).isEqualTo(Files.readString(file));
  }
}
