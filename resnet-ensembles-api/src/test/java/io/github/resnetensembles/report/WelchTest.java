package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WelchTest {
  /** By hand t = -3 / √2.5 with 5.8824 degrees of freedom; the rest is SciPy's ttest_ind. */
  @Test
  void isTheTextbooks() {
    Welch welch = Welch.of(new double[] {1, 2, 3, 4, 5}, new double[] {2, 4, 6, 8, 10}, 0.95);

    assertThat(welch.difference().value()).isCloseTo(-3, within(1e-12));
    assertThat(welch.pValue()).isCloseTo(0.107531, within(1e-6));
    double half = welch.difference().interval().width() / 2;
    double standardError = Math.sqrt(0.5 + 2.0);
    assertThat(half / standardError).isCloseTo(2.458824, within(1e-5));
    assertThat(welch.difference().interval().low()).isCloseTo(-3 - half, within(1e-12));
  }

  @Test
  void withoutAnySpreadOnlyTheMeansCount() {
    Welch same = Welch.of(new double[] {1, 1}, new double[] {1, 1}, 0.95);
    Welch other = Welch.of(new double[] {1, 1}, new double[] {2, 2}, 0.95);

    assertThat(same.pValue()).isEqualTo(1);
    assertThat(other.pValue()).isEqualTo(1e-300);
    assertThat(other.difference().interval().width()).isEqualTo(0);
  }
}
