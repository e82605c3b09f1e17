package io.github.resnetensembles.lesion;

import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The thread that ran a study was interrupted. The study stopped within one batch, the model stays
 * usable, the thread's interrupt flag is set again, and what was finished is not lost.
 */
public class StudyInterruptedException extends RunInterruptedException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Result partial;

  /**
   * Creates the exception.
   *
   * @param message how far the work was
   * @param partial a {@link LesionReport} or {@link SequentialReport} of what was finished, marked
   *     incomplete; null if no batch was
   */
  public StudyInterruptedException(String message, @Nullable Result partial) {
    super(message);
    this.partial = partial;
  }

  /** {@return the rows over the records done so far, marked incomplete; empty if there are none} */
  public Optional<LesionReport> partialReport() {
    return partial instanceof LesionReport report ? Optional.of(report) : Optional.empty();
  }

  /**
   * {@return what the finished batches of a {@link SequentialStudy} gave, from which it can
   * {@linkplain SequentialStudy#resume go on}; empty if there are none, or it was another study}
   */
  public Optional<SequentialReport> partialSequence() {
    return partial instanceof SequentialReport report ? Optional.of(report) : Optional.empty();
  }
}
