package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.path.PathEnumerator;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class PathPlotTest {
  @Test
  void sharesAreDrawnByLength() {
    XYChart chart = PathPlot.chart(PathEnumerator.of(54), OptionalInt.of(10));

    assertThat(chart.getTitle()).isEqualTo("Path lengths of a network of 54 blocks");
    assertThat(chart.getSeriesCollection().stream().map(XYSeries::getName))
        .containsExactly("all paths", "left after deleting 10 random blocks");
    XYSeries all = chart.getSeries("all paths");
    assertThat(Arrays.stream(all.getYData()).sum()).isCloseTo(100, within(1e-3));
    assertThat(all.getXData()[0]).isBetween(5.0, 12.0);
    // 10 deletions leave one path in 2^10.
    XYSeries left = chart.getSeries("left after deleting 10 random blocks");
    assertThat(Arrays.stream(left.getYData()).sum()).isCloseTo(100 / 1024.0, within(1e-3));
  }

  @Test
  void longNetworksShowWhereTheirPathsAre() {
    XYChart chart = PathPlot.chart(PathEnumerator.of(10_000), OptionalInt.empty());

    assertThat(chart.getSeriesCollection()).hasSize(1);
    assertThat(chart.getSeries("all paths").getXData().length).isBetween(400, 600);
  }
}
