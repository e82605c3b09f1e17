package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.report.ReportSection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network of the report, and what is done with it.
 *
 * @param name of its files
 * @param label as readers see it
 * @param sections that it is there for
 * @param source it is trained, or there already
 * @param parts what is measured
 * @param checked whether the network is verified
 */
record NetworkTask(
    String name,
    String label,
    Set<ReportSection.Kind> sections,
    NetworkSource source,
    List<Part> parts,
    boolean checked) {
  NetworkTask {
    parts = List.copyOf(parts);
  }

  /** How it is trained; empty for a network that is there already. */
  Optional<TrainingTask> training() {
    return source instanceof TrainingTask task ? Optional.of(task) : Optional.empty();
  }
}
