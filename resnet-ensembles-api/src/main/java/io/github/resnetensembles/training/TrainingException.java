package io.github.resnetensembles.training;

/** Training cannot go on: its numbers are no longer finite. What was checkpointed is intact. */
public class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, the value, and the remedy
   */
  public TrainingException(String message) {
    super(message);
  }
}
