package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class GradientPlotTest {
  @Test
  void threePanels() {
    try (ResidualModel model = model()) {
      PathGradients gradients = model.gradients().sampled(2).run(ImageSets.builtIn().batch(2));
      List<XYChart> charts = GradientPlot.charts(gradients, 0.9);

      assertThat(charts).hasSize(3);
      XYSeries paths = charts.get(0).getSeries("paths");
      assertThat(paths.getYData()).containsExactly(12.5, 37.5, 37.5, 12.5);
      assertThat(charts.get(1).getStyler().isYAxisLogarithmic()).isTrue();
      XYSeries norms = charts.get(1).getSeries("mean norm of sampled paths");
      assertThat(norms.getYData()[2])
          .isEqualTo(gradients.lengths().get(2).meanPathNorm().getAsDouble());
      assertThat(charts.get(1).getSeries("95 % interval")).isNotNull();
      XYSeries totals = charts.get(2).getSeries("all paths of a length");
      assertThat(Arrays.stream(totals.getYData()).sum()).isCloseTo(100, within(1e-9));
      assertThat(charts.get(2).getSeriesCollection()).hasSize(2);
      assertThat(charts.get(2).getSeriesCollection().iterator().next().getName())
          .startsWith("lengths " + gradients.effectiveLengths(0.9).from() + " to ");
    }
  }

  @Test
  void nothingIsShadedWhereNothingIsKnownAndOnePathIsNoCurve() {
    try (ResidualModel model = model()) {
      var batch = ImageSets.builtIn().batch(2);
      PathGradients cut = model.gradients().maxLength(0).run(batch);
      assertThat(GradientPlot.charts(cut, 0.9).get(2).getSeriesCollection()).hasSize(1);
      PathGradients one = model.gradients().path(1).run(batch);
      assertThatThrownBy(() -> GradientPlot.charts(one, 0.9))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("single path");
    }
  }

  private static ResidualModel model() {
    return ResidualModel.open(
        Backends.load("reference"), Weights.initialised(Architecture.resnet(8), 1));
  }
}
