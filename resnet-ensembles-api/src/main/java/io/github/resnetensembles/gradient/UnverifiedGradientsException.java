package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;

/** Sums over path lengths lack so much of the gradient that nothing can be concluded from them. */
public class UnverifiedGradientsException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the residual, the limit, and the remedy
   */
  public UnverifiedGradientsException(String message) {
    super(message);
  }
}
