package io.github.resnetensembles;

/**
 * A lesion, wiring or plan does not fit the architecture: an unknown block, a swap of blocks of
 * different shape, a missing skip connection.
 */
public class InvalidLesionException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidLesionException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public InvalidLesionException(String message, Throwable cause) {
    super(message, cause);
  }
}
