package io.github.resnetensembles;

import org.jspecify.annotations.Nullable;

/**
 * Something that was given is wrong: an argument, a file, a lesion, a name. The message says what,
 * where, the value and the remedy, in one line. The message of any other {@link
 * IllegalArgumentException} is not this library's.
 */
public class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidInputException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it; null if nothing did
   */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
