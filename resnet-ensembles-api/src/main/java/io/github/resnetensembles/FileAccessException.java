package io.github.resnetensembles;

import io.github.resnetensembles.internal.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A file could not be read or written although nothing is wrong with its content: it is not there,
 * it is a directory, access is denied, the disk is full, a device fails. The message says which
 * file, why and what helps, in one line. What a file contains is no matter of this exception but of
 * {@link InvalidInputException}.
 */
public class FileAccessException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message which file could not be read or written, and why
   * @param cause what the file system said
   */
  public FileAccessException(String message, IOException cause) {
    super(message, cause);
  }

  /**
   * Says of a file why it could not be read, and what helps.
   *
   * @param file that was to be read, or the directory that was to be listed
   * @param cause what the file system said
   * @return the exception, to be thrown
   */
  public static FileAccessException reading(Path file, IOException cause) {
    return new FileAccessException(Unreadable.describe(file, cause), cause);
  }
}
