package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.statistics.Estimate;
import java.util.List;
import java.util.Optional;

/**
 * One claim of the paper, and what a report's networks say of it. Verdicts follow from fixed rules,
 * which {@link Kind} states; all intervals are at 95 %.
 *
 * @param kind which claim
 * @param statement the claim, in one sentence
 * @param verdict by the claim's rule
 * @param finding what was measured, or why nothing could be
 * @param measured the number that the verdict rests on, where it rests on one: a share, a
 *     difference of rates, or a slope
 * @param authors what the authors measured, for reference; empty if they published nothing
 */
public record Claim(
    Kind kind,
    String statement,
    Verdict verdict,
    String finding,
    Optional<Estimate> measured,
    String authors) {
  /**
   * Checks the texts.
   *
   * @param kind which claim
   * @param statement the claim
   * @param verdict by the claim's rule
   * @param finding what was measured
   * @param measured the number that the verdict rests on
   * @param authors what the authors measured
   * @throws InvalidInputException if a text is long, or has a character that cannot be shown
   */
  public Claim {
    Require.present("kind", kind);
    Require.present("verdict", verdict);
    Require.present("measured", measured);
    Text.checkWords("the claim " + kind, List.of(statement, finding, authors));
  }

  /** {@return the section that the claim is measured in} */
  public ReportSection.Kind section() {
    return kind.section;
  }

  /** The claims, in the order in which a report has them, with their rules. */
  @JsonForm(lowerCase = true)
  public enum Kind {
    /**
     * Deleting one block hardly matters. The median over all blocks of {@link
     * io.github.resnetensembles.lesion.LesionStatistics.DamageShares} lies below 2 %: shown if its
     * interval does, not shown if its interval lies above.
     */
    ONE_DELETION(ReportSection.Kind.DELETE_ONE),
    /**
     * A network without skip connections does not survive the deletion of one block. The median
     * share lies above 50 %, by its interval.
     */
    PLAIN_NETWORK(ReportSection.Kind.DELETE_ONE),
    /**
     * The error rises smoothly with the number of deleted blocks. Shown if the last mean lies above
     * the intact network's error, no mean lies below one with fewer deletions, and no step from one
     * number to the next is above a third of the room between the intact network's error and
     * chance, all by their intervals. Not shown if a mean's interval lies below that of an earlier
     * one, or a step's interval above a third.
     */
    MANY_DELETIONS(ReportSection.Kind.DELETE_MANY),
    /** The same of reordering, with Kendall's tau in place of the number of deleted blocks. */
    REORDERING(ReportSection.Kind.REORDER),
    /**
     * The gradient through a single path falls exponentially with its length. The slope of the
     * logarithm of its norm lies below 0, by its interval, and R² is above 0.95.
     */
    GRADIENT_DECAY(ReportSection.Kind.GRADIENTS),
    /**
     * The gradient comes through short paths. The lengths that carry 95 % of the exact sums are
     * less than 5 % of all paths.
     */
    SHORT_PATHS(ReportSection.Kind.GRADIENTS),
    /**
     * Training the effective paths only is as good. The difference of the errors lies within one
     * point, by its interval, after equally many steps.
     */
    EFFECTIVE_TRAINING(ReportSection.Kind.EFFECTIVE_PATHS),
    /**
     * Stochastic depth makes a network more robust. The mean share of damage of single deletions is
     * smaller than without it, by the interval of the difference.
     */
    STOCHASTIC_DEPTH(ReportSection.Kind.STOCHASTIC_DEPTH);

    private final ReportSection.Kind section;

    Kind(ReportSection.Kind section) {
      this.section = section;
    }
  }

  /** What can be said of a claim. */
  @JsonForm(lowerCase = true)
  public enum Verdict {
    /** These networks show what the claim says. */
    SHOWN,
    /** These networks show that it does not hold for them. */
    NOT_SHOWN,
    /** The intervals allow for both: more images or draws are needed. */
    UNDECIDED,
    /** There is no result, or no network that learned, to judge by. */
    CANNOT_BE_SHOWN
  }
}
