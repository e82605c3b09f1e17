package io.github.resnetensembles.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportScaleTest {
  private static final int ALL = Integer.MAX_VALUE;

  @Test
  void presets() {
    assertThat(ReportScale.quickTraining())
        .isEqualTo(
            new Scale(14, 3, 2, 3000, 500, 200, 500, 10, 10, 2, 10, ALL, 1000, true, List.of(), 1));
    assertThat(ReportScale.training())
        .isEqualTo(
            new Scale(
                20, 3, 2, 10_000, 2000, 500, 600, 10, 20, 4, 20, ALL, 1000, true, List.of(), 1));
    List<Integer> deeper = List.of(32, 44, 56);
    assertThat(ReportScale.fullTraining())
        .isEqualTo(
            new Scale(20, 6, 3, 10_000, 2000, 500, 1000, 20, 40, 4, 50, ALL, 1000, true, deeper, 3))
        .isEqualTo(ReportScale.fullTraining().toBuilder().build());
    assertThat(ReportScale.standard())
        .isEqualTo(
            new Scale(20, 3, 2, 10_000, 500, 100, 200, 10, 20, 2, 2, 5, 256, false, List.of(), 1));
    assertThat(ReportScale.full())
        .isEqualTo(
            new Scale(
                20, 3, 2, 10_000, 2000, 500, 600, 20, 20, 4, 20, ALL, 1000, true, List.of(), 1));
  }

  @Test
  void refusesWhereNothingWouldBeMeasured() {
    ReportScale.Builder builder = ReportScale.quick().toBuilder();
    assertThatThrownBy(() -> builder.valueImages(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--limit must be at least 2")
        .hasMessageContaining("got 1");
    assertThatThrownBy(() -> builder.gradientBatches(0)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> builder.seeds(0)).hasMessageContaining("got 0");
  }
}
