package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.List;

/**
 * One section of a {@link Report}.
 *
 * @param kind what it is about
 * @param title its heading
 * @param paragraphs what was found, in words with numbers; what the paper says beside it; and where
 *     the network at hand cannot show a claim, that it cannot
 * @param figures to be drawn in this order
 * @param tables after the figures
 * @param commands how to do it again, one command line each
 */
public record ReportSection(
    Kind kind,
    String title,
    List<String> paragraphs,
    List<Figure> figures,
    List<ReportTable> tables,
    List<String> commands) {
  /**
   * Copies the lists.
   *
   * @param kind what it is about
   * @param title its heading
   * @param paragraphs what was found
   * @param figures to be drawn in this order
   * @param tables after the figures
   * @param commands how to do it again
   * @throws InvalidInputException if a text is long, or has a character that cannot be shown:
   *     control and format characters, ends of lines, halves of pairs
   */
  public ReportSection {
    paragraphs = List.copyOf(paragraphs);
    figures = List.copyOf(figures);
    tables = List.copyOf(tables);
    commands = List.copyOf(commands);
    Require.present("kind", kind);
    Require.present("title", title);
    ReportText.checkSection(kind, title, paragraphs, commands);
  }

  /** What sections are about, in the order in which a report has them. */
  @JsonForm(lowerCase = true)
  public enum Kind {
    /** Deleting each block in turn, beside controls (paper, figures 3 and 4). */
    DELETE_ONE,
    /** Deleting many blocks at random (paper, figure 5a). */
    DELETE_MANY,
    /** BatchNorm's statistics estimated anew after a lesion. */
    RECALIBRATION,
    /** Reordering blocks (paper, figure 5b). */
    REORDER,
    /** Duplicating blocks. */
    DUPLICATE,
    /**
     * The unravelled view: how many paths there are, how long they are (paper, figure 6a), and how
     * many deletions leave (figure 7).
     */
    PATHS,
    /** The gradient by path length, and the effective paths (paper, figures 6b and 6c). */
    GRADIENTS,
    /** Training with the effective paths only, against all (paper, section 5). */
    EFFECTIVE_PATHS,
    /** Stochastic depth and resilience (paper, figure 8). */
    STOCHASTIC_DEPTH,
    /** Shapley and Banzhaf values of the blocks. */
    BLOCK_VALUES,
    /** Do the lesioned networks behave like an ensemble? */
    ENSEMBLE,
    /** What was checked, and what was not. */
    CHECKS,
    /** The networks: their blocks, their training, their error. */
    NETWORK
  }
}
