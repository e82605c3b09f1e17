package io.github.resnetensembles.lesion;

import io.github.resnetensembles.RunInterruptedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The thread that ran a study was interrupted. The study stopped within one batch, the model stays
 * usable, the thread's interrupt flag is set again, and what was finished is not lost.
 */
public class StudyInterruptedException extends RunInterruptedException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable LesionReport partialReport;

  /**
   * Creates the exception.
   *
   * @param message how far the work was
   * @param partialReport the rows over the records done so far, marked incomplete; null if no batch
   *     was finished
   */
  public StudyInterruptedException(String message, @Nullable LesionReport partialReport) {
    super(message);
    this.partialReport = partialReport;
  }

  /** {@return the rows over the records done so far, marked incomplete; empty if there are none} */
  public Optional<LesionReport> partialReport() {
    return Optional.ofNullable(partialReport);
  }
}
