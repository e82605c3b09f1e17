package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.report.ReportSection;
import java.util.List;
import java.util.Set;

/**
 * A study of one network, as a piece of the report.
 *
 * @param name of its file
 * @param title what it is, for people to read
 * @param sections that need it
 * @param command that gives the same numbers: the words after the program's name, before those that
 *     name network and data
 * @param study what is done
 */
record Part(
    String name,
    String title,
    Set<ReportSection.Kind> sections,
    List<String> command,
    Study<?> study) {}
