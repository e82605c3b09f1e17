package io.github.resnetensembles.report;

import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.statistics.Estimate;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.TTest;

/**
 * Welch's t-test of two independent samples of at least two values each.
 *
 * @param difference of the means, the first less the second, with its interval
 * @param pValue two-sided; 1 if nothing differs at all; at least {@link PairedTest#SMALLEST_P}
 */
record Welch(Estimate difference, double pValue) {
  static Welch of(double[] first, double[] second, double level) {
    MeanVariance variance = MeanVariance.of(first).plus(MeanVariance.of(second));
    Estimate difference =
        Intervals.symmetric(Intervals.mean(first) - Intervals.mean(second), variance, level);
    if (variance.value() == 0) {
      return new Welch(difference, difference.value() == 0 ? 1 : PairedTest.SMALLEST_P);
    }
    return new Welch(
        difference,
        Math.max(
            PairedTest.SMALLEST_P,
            TTest.withDefaults()
                .with(DataDispersion.HETEROSCEDASTIC)
                .test(first, second)
                .getPValue()));
  }
}
