package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.FileAccessException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes results so that a reader sees the old file or the new one, never a part. */
public final class ResultFiles {
  /** Writes the content of a file. */
  public interface Content {
    /**
     * Writes.
     *
     * @param file an empty file beside the target
     * @throws IOException if writing fails
     */
    void writeTo(Path file) throws IOException;
  }

  private ResultFiles() {}

  /**
   * Writes text.
   *
   * @param file the target; an existing file is replaced
   * @param text its new content
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path file, String text) {
    write(file, temporary -> Files.writeString(temporary, text, UTF_8));
  }

  /**
   * Writes a temporary file beside the target, then moves it into place.
   *
   * @param file the target; an existing file is replaced
   * @param content what to write
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        content.writeTo(Files.createFile(temporary));
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new FileAccessException("cannot write " + file + ": " + reason(e), e);
    }
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
