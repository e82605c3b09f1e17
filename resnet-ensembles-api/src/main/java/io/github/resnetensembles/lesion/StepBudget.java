package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.network.Wiring;

/**
 * Counts the steps of the wirings that a plan or a report stands for: a short text that asks for
 * more than memory holds, or for more work than is done in good time, is refused.
 */
final class StepBudget {
  /** As many steps as some GB of memory hold. */
  private static final long MAX_STEPS = 100_000_000;

  /** A step is written once and then rewritten by each part of a lesion. */
  private static final long MAX_WRITTEN = 10 * MAX_STEPS;

  private final String what;
  private long steps;
  private long written;

  /**
   * @param what has the wirings, as in "the plan"
   */
  StepBudget(String what) {
    this.what = what;
  }

  /**
   * Takes a lesion and the wiring that it makes.
   *
   * @throws InvalidLesionException if that is too much together with what was taken before
   */
  void take(Lesion lesion, Wiring wiring) {
    long more = wiring.steps().size();
    steps += more;
    written += more * (1 + Wirings.parts(lesion).size());
    if (steps > MAX_STEPS || written > MAX_WRITTEN) {
      throw new InvalidLesionException(
          String.format(
              "%s has too many lesions for one run: up to %s they stand for %s steps of blocks, of"
                  + " which at most %s are held, or rewrite steps %s times, of at most %s; take"
                  + " fewer rows",
              what, brief(lesion), steps, MAX_STEPS, written, MAX_WRITTEN));
    }
  }

  private static String brief(Lesion lesion) {
    String text = lesion.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
