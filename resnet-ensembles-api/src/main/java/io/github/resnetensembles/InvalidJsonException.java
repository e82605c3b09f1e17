package io.github.resnetensembles;

/** A JSON text is not what was expected. The message says where in the text. */
public class InvalidJsonException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidJsonException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public InvalidJsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
