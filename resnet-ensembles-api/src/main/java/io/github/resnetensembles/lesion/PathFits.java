package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionStatistics.PathFit;
import java.util.List;
import java.util.Map;

/** Error rates explained by the number of paths. */
final class PathFits {
  private PathFits() {}

  /** Of error rates by the number of deleted blocks, each of which halves the number of paths. */
  static PathFit of(Map<Integer, List<Double>> errorsByDeleted) {
    List<Double> errors = errorsByDeleted.values().stream().flatMap(List::stream).toList();
    if (errors.size() < 3 || errorsByDeleted.size() < 2) {
      throw new InvalidInputException(
          String.format(
              "how error goes with the number of paths takes at least 3 rows that delete different"
                  + " numbers of blocks, got %s rows with %s different numbers",
              errors.size(), errorsByDeleted.size()));
    }
    double mean = errors.stream().mapToDouble(error -> error).average().orElseThrow();
    double meanDeleted =
        errorsByDeleted.entrySet().stream()
                .mapToDouble(entry -> (double) entry.getKey() * entry.getValue().size())
                .sum()
            / errors.size();
    double total = errors.stream().mapToDouble(error -> square(error - mean)).sum();
    if (total == 0) {
      throw new InvalidInputException(
          "all rows have the error rate " + mean + ", so there is nothing to explain");
    }
    double between = 0;
    double products = 0;
    double squares = 0;
    for (Map.Entry<Integer, List<Double>> entry : errorsByDeleted.entrySet()) {
      int size = entry.getValue().size();
      double deviation =
          entry.getValue().stream().mapToDouble(error -> error).average().orElseThrow() - mean;
      double distance = entry.getKey() - meanDeleted;
      between += size * square(deviation);
      products += size * distance * deviation;
      squares += size * square(distance);
    }
    double explained = Math.min(1, between / total);
    return new PathFit(
        errors.size(),
        explained,
        Math.min(explained, square(products) / (squares * total)),
        products / squares);
  }

  private static double square(double value) {
    return value * value;
  }
}
