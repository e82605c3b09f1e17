package io.github.resnetensembles.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalsTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.95, 0.999})
  void wilsonIntervalsAreOfRatesAndHoldTheirValue(double level) {
    for (int total : List.of(1, 2, 3, 5, 7, 31, 50, 97, 1000, 10_000)) {
      for (int wrong = 0; wrong <= total; wrong++) {
        Estimate estimate = Estimate.errorRate(wrong, total, level);
        assertThat(estimate.interval().contains(estimate.value())).isTrue();
        assertThat(estimate.interval().low()).isBetween(0.0, 1.0);
        assertThat(estimate.interval().high()).isBetween(0.0, 1.0);
      }
      assertThat(Double.doubleToRawLongBits(Estimate.errorRate(0, total, level).interval().low()))
          .isZero();
      assertThat(Estimate.errorRate(total, total, level).interval().high()).isEqualTo(1.0);
      assertThat(Estimate.errorRate(0, total, level).toString()).contains("[0.00000, ");
    }
  }
}
