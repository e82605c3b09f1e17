package io.github.resnetensembles;

import java.util.List;

/**
 * What several results say together, as data: sections with findings, figures and tables. {@code
 * ReportPage} of the examples module makes a page of it.
 *
 * @param title what it is about
 * @param sections in the order of their kinds; only those that there is a result for
 * @param results what it was computed from
 */
public record Report(String title, List<ReportSection> sections, List<LabelledResult> results) {
  /**
   * Copies the lists.
   *
   * @param title what it is about
   * @param sections in the order of their kinds
   * @param results what it was computed from
   */
  public Report {
    sections = List.copyOf(sections);
    results = List.copyOf(results);
  }

  /**
   * A result with the name of its network.
   *
   * @param label the network, as readers shall see it
   * @param name short and unique in the report: files are named after it
   * @param result the result
   */
  public record LabelledResult(String label, String name, Result result) {}
}
