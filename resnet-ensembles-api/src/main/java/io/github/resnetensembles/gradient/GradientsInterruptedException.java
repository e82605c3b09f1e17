package io.github.resnetensembles.gradient;

import io.github.resnetensembles.lesion.StudyInterruptedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The thread that measured gradients was interrupted. The model stays usable, the thread's
 * interrupt flag is set again, and the batches that were finished are not lost.
 */
public class GradientsInterruptedException extends StudyInterruptedException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable PathGradients partialGradients;

  /**
   * Creates the exception.
   *
   * @param message how far the work was
   * @param partialGradients the batches done so far; null if none was finished
   */
  public GradientsInterruptedException(String message, @Nullable PathGradients partialGradients) {
    super(message, null);
    this.partialGradients = partialGradients;
  }

  /** {@return the batches done so far; empty if none was finished} */
  public Optional<PathGradients> partialGradients() {
    return Optional.ofNullable(partialGradients);
  }
}
