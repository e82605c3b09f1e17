package io.github.resnetensembles.examples.plots;

import java.util.Arrays;
import java.util.List;

/** Mean and quartiles, the latter interpolated linearly between the sorted values. */
record Quartiles(double mean, double lower, double upper) {
  /** Of at least one value. */
  static Quartiles of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
    double mean = Arrays.stream(sorted).average().orElseThrow();
    return new Quartiles(mean, quantile(sorted, 0.25), quantile(sorted, 0.75));
  }

  private static double quantile(double[] sorted, double q) {
    double place = q * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
