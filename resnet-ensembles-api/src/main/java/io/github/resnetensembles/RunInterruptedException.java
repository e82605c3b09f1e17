package io.github.resnetensembles;

/**
 * The thread that ran something long was interrupted. What was running stopped soon, and the
 * thread's interrupt flag is set. Subtypes carry what was finished, where that is not lost.
 */
public class RunInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message how far the work was
   */
  public RunInterruptedException(String message) {
    super(message);
  }
}
