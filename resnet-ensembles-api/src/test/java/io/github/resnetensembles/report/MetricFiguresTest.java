package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures of metrics of the user's own. */
class MetricFiguresTest {
  private static final int IMAGES = 20;
  private static final Architecture RESNET = Architecture.resnet(20);

  /**
   * With a metric that is {@code mean - 1} for half of the images and {@code mean + 1} for others.
   */
  private static LesionRow row(PlannedLesion planned, double mean) {
    LesionRow row = Rows.row(planned, IMAGES, Rows.bits(0, 1));
    Tally.MetricSum sum = Tally.MetricSum.of(mean - 1).plus(Tally.MetricSum.of(mean + 1));
    Tally.MetricSum all = sum;
    for (int i = 2; i < IMAGES; i += 2) {
      all = all.plus(sum);
    }
    return new LesionRow(
        row.planned(), row.order(), List.of(row.tallies().get(0).withMetrics(Map.of("m.x", all))));
  }

  private static LesionReport report(List<LesionRow> rows) {
    LesionReport plain = Rows.report(RESNET, IMAGES, Rows.bits(0, 1), List.of());
    return new LesionReport(
        plain.base(),
        row(PlannedLesion.of(Lesion.intact()), 7),
        rows,
        plain.excluded(),
        plain.cost(),
        plain.records(),
        plain.provenance());
  }

  private static List<Figure> metrics(LesionReport report) {
    return Report.builder().add(report).figures().stream()
        .filter(figure -> figure.name().startsWith("metrics"))
        .toList();
  }

  @Test
  void singleDeletionsAreDrawnOverTheBlock() {
    Figure figure =
        metrics(
                report(
                    List.of(
                        row(PlannedLesion.of(Lesion.delete(4)), -3),
                        row(PlannedLesion.of(Lesion.delete(9)), 2))))
            .get(0);

    assertThat(figure.title()).isEqualTo("Mean of the metric m.x: hand-made images, 20 images");
    assertThat(figure.x().label()).isEqualTo("block");
    assertThat(figure.y().label()).isEqualTo("mean of m.x");
    assertThat(figure.series().get(0).points()).extracting(Point::x).containsExactly(4.0, 9.0);
    assertThat(figure.series().get(0).points()).extracting(Point::y).containsExactly(-3.0, 2.0);
    // The standard deviation is sqrt(20/19), Student's 97.5 % quantile of 19 degrees 2.093024.
    assertThat(figure.series().get(0).points().get(0).interval().orElseThrow().high())
        .isCloseTo(-3 + 2.093024 / Math.sqrt(19), within(1e-6));
    assertThat(figure.levels().get(0).y()).isEqualTo(7);
    assertThat(figure.description()).contains("from -3", "to 2", "intact 7");
  }

  @Test
  void randomLesionsAreACurve() {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 2; k++) {
      for (int draw = 1; draw <= 12; draw++) {
        Lesion lesion =
            Lesion.delete(k == 1 ? new int[] {1 + draw % 9} : new int[] {1, 1 + draw % 8 + 1});
        rows.add(row(Rows.drawn(lesion, k, draw), k + draw / 12.0));
      }
    }
    Figure figure = metrics(report(rows)).get(0);
    List<Point> points = figure.series().get(0).points();

    assertThat(figure.series().get(0).mark()).isEqualTo(Mark.LINE);
    assertThat(points).extracting(Point::x).containsExactly(1.0, 2.0);
    assertThat(points.get(0).y()).isCloseTo(1 + 6.5 / 12, within(1e-12));
    assertThat(points.get(1).y()).isCloseTo(2 + 6.5 / 12, within(1e-12));
  }

  @Test
  void otherLesionsStandSideBySide() {
    Figure figure =
        metrics(
                report(
                    List.of(
                        row(PlannedLesion.of(Lesion.scale(4, 0.5)), 1),
                        row(PlannedLesion.of(Lesion.duplicate(2)), 2))))
            .get(0);
    assertThat(figure.x().label()).isEqualTo("lesion (row of the plan)");
    assertThat(figure.series().get(0).mark()).isEqualTo(Mark.POINTS);
  }

  @Test
  void resultsWithoutMetricsHaveNone() {
    LesionReport plain =
        Rows.report(
            RESNET,
            IMAGES,
            Rows.bits(0, 1),
            List.of(Rows.row(PlannedLesion.of(Lesion.delete(4)), IMAGES, Rows.bits(0, 1))));
    assertThat(metrics(plain)).isEmpty();
  }
}
