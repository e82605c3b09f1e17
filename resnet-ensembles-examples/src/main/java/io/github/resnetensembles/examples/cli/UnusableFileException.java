package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.FileAccessException;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A file or folder that a flag names cannot be read or written, found before the work starts: bad
 * input, where the same thing later is a run that failed.
 */
final class UnusableFileException extends FileAccessException {
  private static final long serialVersionUID = 1L;

  UnusableFileException(FileAccessException found) {
    super(String.valueOf(found.getMessage()), Objects.requireNonNull(found.getCause()));
  }

  /** Opens or reads something before the work starts. */
  static <T> T beforeWork(Supplier<T> access) {
    try {
      return access.get();
    } catch (FileAccessException e) {
      throw new UnusableFileException(e);
    }
  }
}
