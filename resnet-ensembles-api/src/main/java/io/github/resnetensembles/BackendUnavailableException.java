package io.github.resnetensembles;

/**
 * A backend, an engine's native library or a device was asked for that is not there; the message
 * lists those found.
 */
public class BackendUnavailableException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
