package io.github.resnetensembles.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.FileAccessException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files so that a reader sees the old content or the new, never a part. */
public final class AtomicFiles {
  /** Writes the content of the file that will be moved into place. */
  public interface Content {
    /**
     * Writes.
     *
     * @param file an empty file beside the target
     * @throws IOException if writing fails
     */
    void writeTo(Path file) throws IOException;
  }

  private AtomicFiles() {}

  /**
   * Writes text.
   *
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path target, String text) {
    write(target, file -> Files.writeString(file, text, UTF_8));
  }

  /**
   * Writes a temporary file beside the target, then moves it into place.
   *
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath();
    Path temporary = null;
    try {
      if (Files.isDirectory(absolute)) {
        throw new FileSystemException(null, null, "it is a directory");
      }
      // Not Files.createTempFile, whose files only their owner may read.
      temporary =
          Files.createFile(
              absolute.resolveSibling(
                  "." + absolute.getFileName() + "." + UUID.randomUUID() + ".part"));
      content.writeTo(temporary);
      move(temporary, absolute);
    } catch (IOException e) {
      throw new FileAccessException("cannot write " + target + ": " + reason(e), e);
    } finally {
      if (temporary != null) {
        try {
          Files.deleteIfExists(temporary);
        } catch (IOException e) {
          // The target is complete or an exception is under way; a stray .part file harms neither.
        }
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A short reason in place of Java's bare file names. */
  public static String reason(IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException missing) {
      return "no such file or directory" + FileNames.remark(String.valueOf(missing.getFile()));
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "access denied";
    }
    return String.valueOf(e.getMessage());
  }
}
