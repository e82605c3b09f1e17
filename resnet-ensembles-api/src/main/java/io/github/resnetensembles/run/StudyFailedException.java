package io.github.resnetensembles.run;

import io.github.resnetensembles.result.Result;
import java.io.Serial;

/**
 * Thrown when tasks failed as often as they may. The message names them and what they said; all
 * other {@linkplain Result results} are in the store.
 */
public final class StudyFailedException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Creates one.
   *
   * @param message names the tasks and what they said
   */
  public StudyFailedException(String message) {
    super(message);
  }
}
