package io.github.resnetensembles.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Collections2;
import com.google.common.primitives.Doubles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Brute force: the variance of tau-b over all orders of six values, with ties and without. */
class RankCorrelationsTest {
  private static final double[] DISTINCT = {1, 2, 3, 4, 5, 6};

  @Test
  void tiesRaiseTheVarianceOfKendallsTau() {
    assertRaised(new double[] {1, 2, 2, 3, 3, 3}, new double[] {1, 1, 2, 3, 4, 4});
    assertRaised(new double[] {1, 1, 2, 3, 3, 3}, new double[] {1, 2, 2, 3, 4, 4});
    assertThat(RankCorrelations.kendallInflation(DISTINCT, DISTINCT)).isEqualTo(1);
  }

  private static void assertRaised(double[] x, double[] y) {
    assertThat(RankCorrelations.kendallInflation(x, y))
        .isCloseTo(varianceOfTau(x, y) / varianceOfTau(DISTINCT, DISTINCT), within(1e-12));
  }

  private static double varianceOfTau(double[] x, double[] y) {
    List<Double> fixed = Doubles.asList(x);
    return Collections2.permutations(List.of(0, 1, 2, 3, 4, 5)).stream()
        .mapToDouble(
            order -> {
              List<Double> permuted = order.stream().map(i -> y[i]).toList();
              double tau = RankCorrelation.KENDALL.of(fixed, permuted, 0.95).value();
              return tau * tau / 720;
            })
        .sum();
  }
}
