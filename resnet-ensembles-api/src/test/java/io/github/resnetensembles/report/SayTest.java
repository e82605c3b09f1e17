package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SayTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.00 %",
    "1, 100.00 %",
    "0.00005, 0.01 %",
    "0.0000068, 0.0007 %",
    "1e-12, 1e-10 %"
  })
  void smallRatesDoNotLookLikeNone(double rate, String text) {
    assertThat(Say.percent(rate)).isEqualTo(text);
  }
}
