package io.github.resnetensembles;

/** Results cannot be merged: they overlap, or come from different runs. */
public class MergeException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public MergeException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   * @param cause what led to it
   */
  public MergeException(String message, Throwable cause) {
    super(message, cause);
  }
}
