package io.github.resnetensembles.run;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.RunInterruptedException;
import java.util.List;
import java.util.stream.Collectors;

/** Tasks that failed. */
final class Failures {
  private static final int NAMED = 5;

  private Failures() {}

  /** Whether no other task would do better: an interrupt, a full disk, a closed model. */
  static boolean concernsAll(RuntimeException failure) {
    return failure instanceof RunInterruptedException
        || failure instanceof FileAccessException
        || failure instanceof IllegalStateException;
  }

  /**
   * Names the tasks.
   *
   * @throws StudyFailedException if there are any
   */
  static void check(List<StudyTask<?>> failed, ResultStore store) {
    if (failed.isEmpty()) {
      return;
    }
    String named =
        failed.stream()
            .limit(NAMED)
            .map(
                task -> {
                  List<String> reasons = store.failures(task);
                  return "%s (%s)"
                      .formatted(
                          task.description(),
                          reasons.isEmpty() ? "no reason known" : reasons.get(reasons.size() - 1));
                })
            .collect(Collectors.joining("; "));
    throw new StudyFailedException(
        "%s failed each time%s: %s; all other results are in the store %s"
            .formatted(
                failed.size() == 1 ? "one task" : failed.size() + " tasks",
                failed.size() > NAMED ? ", of which " + NAMED + " are" : "",
                named,
                store));
  }
}
