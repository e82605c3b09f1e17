package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.resnetensembles.examples.plots.AxisScale.Tick;
import io.github.resnetensembles.report.Figure.Axis;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisScaleTest {
  private static final Axis LINEAR = Axis.linear("x");
  private static final Axis LOGARITHMIC = Axis.logarithmic("x");

  private static List<String> labels(AxisScale scale, boolean whole) {
    return scale.ticks(whole, 400, label -> 40).stream().map(Tick::label).toList();
  }

  @Test
  void heightsBeginAtZeroUnlessAllAreFarAbove() {
    assertThat(AxisScale.up(LINEAR, 3, 90, false).from()).isZero();
    assertThat(AxisScale.up(LINEAR, 80, 90, false).from()).isBetween(79.0, 80.0);
    assertThat(AxisScale.up(LINEAR, 80, 90, true).from()).isZero();
    assertThat(AxisScale.up(LINEAR, -4, -1, true).to()).isZero();
    assertThat(AxisScale.up(LINEAR, 0, 0, false).from()).isZero();
  }

  @Test
  void pointsStandInsideOfTheAxis() {
    AxisScale scale = AxisScale.across(LINEAR, 1, 54, 0.5);

    assertThat(scale.place(0.5)).isPositive();
    assertThat(scale.place(54.5)).isLessThan(1);
    assertThat(AxisScale.across(LINEAR, 7, 7, 0).place(7)).isEqualTo(0.5);
  }

  @Test
  void ticksAreRoundNumbersWithRoomBetween() {
    assertThat(labels(AxisScale.up(LINEAR, 0, 90, false), false))
        .containsExactly("0", "10", "20", "30", "40", "50", "60", "70", "80", "90");
    assertThat(labels(AxisScale.up(LINEAR, 0, 0.3, false), false))
        .containsExactly("0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3");
    assertThat(labels(AxisScale.up(LINEAR, 0, 3e-8, false), false)).contains("0", "1E-8", "3E-8");
    assertThat(labels(AxisScale.across(LINEAR, 1, 3, 0), true)).containsExactly("1", "2", "3");
    assertThat(labels(AxisScale.across(LINEAR, 1, 4e15, 0), true)).contains("0", "1E15", "4E15");
  }

  @ParameterizedTest
  @CsvSource({
    "0.31, 0.42, 0.2 0.5",
    "0.11, 0.9, 0.1 0.2 0.5 1",
    "3e-8, 4e-8, 2·10⁻⁸ 5·10⁻⁸",
    "0.2, 0.2, 0.2 0.5",
    "1, 1, 1 2",
    "0.5, 30, 0.5 1 2 5 10 20 50",
    "0.002, 3, 10⁻³ 0.01 0.1 1 10",
    "1e-30, 1, 10⁻²⁸ 10⁻²⁴ 10⁻²⁰ 10⁻¹⁶ 10⁻¹² 10⁻⁸ 10⁻⁴ 1"
  })
  void logarithmicAxesBeginAndEndAtNumbers(double least, double largest, String labels) {
    AxisScale scale = AxisScale.up(LOGARITHMIC, least, largest, false);

    assertThat(labels(scale, false)).containsExactly(labels.split(" ", -1));
    assertThat(scale.place(least)).isBetween(0.0, 1.0);
    assertThat(scale.place(largest)).isBetween(0.0, 1.0);
  }

  @Test
  void namesAreShortAndDifferent() {
    List<String> names =
        List.of("delete{1}", "deleteSkip{11,12,13,14,15}", "deleteSkip{11,12,13,14,16}", "");

    assertThat(AxisScale.names(names, 5))
        .extracting(Tick::at, Tick::label)
        .containsExactly(
            tuple(1.0, "delete{1}"),
            tuple(2.0, "deleteSkip{11,12,13…"),
            tuple(3.0, "deleteSkip{11,1… (3)"),
            tuple(4.0, "-"));
    assertThat(AxisScale.names(List.of("\ud83e\udde0".repeat(30)), 5).get(0).label())
        .as("no half of a pair")
        .isEqualTo("\ud83e\udde0".repeat(19) + "…");
    assertThat(AxisScale.names(names, 30)).extracting(Tick::label).contains(names.get(2));
  }

  @Test
  void numbersWithoutAnyRangeHaveNoTicks() {
    assertThat(labels(AxisScale.up(LINEAR, -1e308, 1.7e308, false), false)).isEmpty();
  }
}
