package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.result.Result;
import java.util.List;
import java.util.stream.Stream;

/**
 * All results of a report.
 *
 * @param all by network; the first is the one that the report is about, the others are its controls
 */
record Networks(List<NetworkResults> all) {
  /** A result and its network. */
  record Of<T>(NetworkResults network, T result) {
    String label() {
      return network.label();
    }
  }

  NetworkResults main() {
    return all.get(0);
  }

  List<NetworkResults> controls() {
    return all.subList(1, all.size());
  }

  <T extends Result> List<Of<T>> results(Class<T> kind) {
    return all.stream()
        .flatMap(network -> network.all(kind).stream().map(result -> new Of<>(network, result)))
        .toList();
  }

  Stream<Of<LesionReport>> studies(Study study) {
    return all.stream()
        .flatMap(network -> network.studies(study).map(report -> new Of<>(network, report)));
  }
}
