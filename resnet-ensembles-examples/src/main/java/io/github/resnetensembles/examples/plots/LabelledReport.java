package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.LesionReport;

/**
 * A report and what a picture's legend calls it.
 *
 * @param label for the legend, not blank
 * @param report the result
 */
public record LabelledReport(String label, LesionReport report) {
  /**
   * Checks the label.
   *
   * @param label for the legend, not blank
   * @param report the result
   * @throws IllegalArgumentException if it is blank, or a picture cannot show a character
   */
  public LabelledReport {
    if (label.isBlank()) {
      throw new IllegalArgumentException("a legend needs text for every result, got a blank");
    }
    if (label.codePoints().anyMatch(LabelledReport::isUnseen)) {
      throw new IllegalArgumentException(
          "a legend's text has a control character or half of a pair; leave it out");
    }
  }

  private static boolean isUnseen(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
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
