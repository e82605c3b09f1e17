package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void whatRoundsToZeroHasNoSign() {
    assertThat(Numbers.format("[%.2f, %+.2f] %%", -0.001, -0.001)).isEqualTo("[0.00, +0.00] %");
    assertThat(Numbers.format("%6.2f|%-7.1f|%.0f%n", -0.004, -0.04, -0.4))
        .isEqualTo("  0.00|0.0    |0\n");
    assertThat(Numbers.format("%.3g %.1e %s %.2f", -0.0, -0.0, "-0.00", 0.0))
        .isEqualTo("0.00 0.0e+00 -0.00 0.00");
  }

  @Test
  void otherNumbersKeepIt() {
    assertThat(Numbers.format("%d %s %.2f %+.1f %.1e", -1, "x", -0.005001, -2.0, -1e-30))
        .isEqualTo("-1 x -0.01 -2.0 -1.0e-30");
    assertThat(Numbers.format("%.2f %.2f", Double.NaN, Double.NEGATIVE_INFINITY))
        .isEqualTo("NaN -Infinity");
  }
}
