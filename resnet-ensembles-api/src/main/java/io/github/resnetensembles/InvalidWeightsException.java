package io.github.resnetensembles;

/** A weight file is damaged, unsafe, of an unknown kind, or does not fit the architecture. */
public class InvalidWeightsException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidWeightsException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public InvalidWeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
