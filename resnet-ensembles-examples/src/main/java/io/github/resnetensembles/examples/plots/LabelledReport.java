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
   * @throws IllegalArgumentException if it is blank
   */
  public LabelledReport {
    if (label.isBlank()) {
      throw new IllegalArgumentException("a legend needs text for every result, got a blank");
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
