package io.github.resnetensembles;

/**
 * A path, a path length or a rank does not fit the network, or paths are asked for in a way in
 * which they cannot be told apart.
 */
public class InvalidPathException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidPathException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public InvalidPathException(String message, Throwable cause) {
    super(message, cause);
  }
}
