package io.github.resnetensembles;

/** Image data are damaged, of an unknown format, or do not fit the network. */
public class InvalidImagesException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public InvalidImagesException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public InvalidImagesException(String message, Throwable cause) {
    super(message, cause);
  }
}
