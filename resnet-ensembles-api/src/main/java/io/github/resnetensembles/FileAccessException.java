package io.github.resnetensembles;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A file could not be read or written although nothing is wrong with what was given: the disk is
 * full, access is denied, a device fails. The message says which file and why, in one line. What a
 * file contains is no matter of this exception but of {@link InvalidInputException}.
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
}
