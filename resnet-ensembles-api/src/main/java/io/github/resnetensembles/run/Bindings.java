package io.github.resnetensembles.run;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.List;

/** Whether two processes may work on one study. */
final class Bindings {
  private Bindings() {}

  /**
   * Checks what merging their results would check.
   *
   * @throws MergeException if they compute differently, or in ways whose last bits may differ,
   *     unless that is let pass
   */
  static void check(Provenance first, Provenance other, boolean mixed) {
    Provenance unused =
        Provenance.merge(
            List.of(first, other),
            mixed ? new MergeOption[] {MergeOption.MIXED} : new MergeOption[0]);
  }
}
