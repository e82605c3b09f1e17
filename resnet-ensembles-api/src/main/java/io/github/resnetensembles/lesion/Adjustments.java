package io.github.resnetensembles.lesion;

import java.util.Comparator;
import java.util.stream.IntStream;

/** p-values adjusted for testing many hypotheses, in the order given. */
final class Adjustments {
  private Adjustments() {}

  /** Holm 1979: the i-th smallest of m, times m - i + 1, made monotone from below. */
  static double[] holm(double[] pValues) {
    int[] ascending = ascending(pValues);
    double[] adjusted = new double[pValues.length];
    double largest = 0;
    for (int i = 0; i < ascending.length; i++) {
      largest = Math.max(largest, (ascending.length - i) * pValues[ascending[i]]);
      adjusted[ascending[i]] = Math.min(1, largest);
    }
    return adjusted;
  }

  /** Benjamini and Hochberg 1995: the i-th smallest of m, times m / i, made monotone from above. */
  static double[] benjaminiHochberg(double[] pValues) {
    int[] ascending = ascending(pValues);
    double[] adjusted = new double[pValues.length];
    double smallest = 1;
    for (int i = ascending.length - 1; i >= 0; i--) {
      smallest = Math.min(smallest, ascending.length / (i + 1.0) * pValues[ascending[i]]);
      adjusted[ascending[i]] = smallest;
    }
    return adjusted;
  }

  private static int[] ascending(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i]))
        .mapToInt(i -> i)
        .toArray();
  }
}
