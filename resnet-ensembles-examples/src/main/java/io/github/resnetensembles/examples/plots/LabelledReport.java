package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.examples.ShownText;
import io.github.resnetensembles.lesion.LesionReport;

/**
 * A report and what a picture's legend calls it.
 *
 * @param label for the legend, not blank, at most 400 characters
 * @param report the result
 */
public record LabelledReport(String label, LesionReport report) {
  private static final int MAX_LABEL = 400;

  /**
   * Checks the label.
   *
   * @param label for the legend, not blank, at most 400 characters
   * @param report the result
   * @throws IllegalArgumentException if it is blank or longer, or a picture cannot show a character
   */
  public LabelledReport {
    if (label.isBlank()) {
      throw new IllegalArgumentException("a legend needs text for every result, got a blank");
    }
    if (label.length() > MAX_LABEL) {
      throw new IllegalArgumentException(
          "a legend's text has at most "
              + MAX_LABEL
              + " characters, got "
              + label.length()
              + "; shorten it");
    }
    if (!ShownText.isShown(label)) {
      throw new IllegalArgumentException(
          "a legend's text has a control character or half of a pair; leave it out");
    }
  }

  /**
   * Labels a report with its network: the architecture's name, and whether it is untrained.
   *
   * @param report the result
   * @return the labelled report
   */
  public static LabelledReport of(LesionReport report) {
    return new LabelledReport(
        report.provenance().architecture().name()
            + (report.provenance().trained() ? "" : " (untrained)"),
        report);
  }
}
