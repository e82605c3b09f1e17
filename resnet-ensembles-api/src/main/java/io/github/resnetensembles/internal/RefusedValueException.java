package io.github.resnetensembles.internal;

/**
 * A value that a check of this library refuses, in this library's words. Readers of files pass its
 * message on; the message of any other {@link IllegalArgumentException} is another library's, and
 * knows nothing of the file.
 */
public final class RefusedValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public RefusedValueException(String message) {
    super(message);
  }

  public RefusedValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
