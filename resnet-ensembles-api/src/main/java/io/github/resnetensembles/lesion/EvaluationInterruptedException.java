package io.github.resnetensembles.lesion;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The thread that evaluated a model was interrupted. The evaluation stopped within one batch, and
 * what was finished is not lost.
 */
public class EvaluationInterruptedException extends StudyInterruptedException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Evaluation partialEvaluation;

  /**
   * Creates the exception.
   *
   * @param message how far the work was
   * @param partialEvaluation of the records done so far; null if no batch was finished
   */
  public EvaluationInterruptedException(String message, @Nullable Evaluation partialEvaluation) {
    super(message, null);
    this.partialEvaluation = partialEvaluation;
  }

  /** {@return the evaluation of the records done so far; empty if there are none} */
  public Optional<Evaluation> partialEvaluation() {
    return Optional.ofNullable(partialEvaluation);
  }
}
