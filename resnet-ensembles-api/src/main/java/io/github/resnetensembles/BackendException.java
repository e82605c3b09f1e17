package io.github.resnetensembles;

/** An engine failed, or ran out of a resource; the model that threw it can still be closed. */
public class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public BackendException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
