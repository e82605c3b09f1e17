package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuartilesTest {
  @Test
  void ofOneValue() {
    assertThat(Quartiles.of(List.of(3.0))).isEqualTo(new Quartiles(3, 3, 3));
  }

  @Test
  void interpolatesBetweenSortedValues() {
    assertThat(Quartiles.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Quartiles(2.5, 1.75, 3.25));
  }

  @Test
  void hitsValuesExactly() {
    assertThat(Quartiles.of(List.of(1.0, 2.0, 3.0, 4.0, 10.0))).isEqualTo(new Quartiles(4, 2, 4));
  }
}
