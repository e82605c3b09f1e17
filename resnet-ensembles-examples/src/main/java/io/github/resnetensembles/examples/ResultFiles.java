package io.github.resnetensembles.examples;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.OutputFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text files as results, and what to say where a file cannot be had. */
public final class ResultFiles {
  private ResultFiles() {}

  /**
   * Writes text, as {@link OutputFile} does.
   *
   * @param file the target; an existing file is replaced
   * @param text its new content
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path file, String text) {
    new OutputFile(file).write(text);
  }

  /**
   * Says shortly why a file could not be read or written, in place of Java's bare file names.
   *
   * @param e what was thrown
   * @return the reason
   */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    return e instanceof AccessDeniedException ? "access denied" : String.valueOf(e.getMessage());
  }
}
