package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.Measures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyBuilderTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 0",
    "0, 1, 1, 1",
    "1, 1, 1, 0",
    "-0.0, 0.0, -1, 0",
    "1, 0, 1, 0",
    "0, 1, 2, 2",
  })
  void theFirstOfEqualLogitsIsThePrediction(double a, double b, double c, int predicted) {
    for (int label = 0; label < 3; label++) {
      TallyBuilder tally = new TallyBuilder(0, 3, Measures.none());
      tally.add(new double[] {a, b, c}, new int[] {label});
      assertThat(tally.build().wrong()).as("label %d", label).isEqualTo(label == predicted ? 0 : 1);
    }
  }
}
