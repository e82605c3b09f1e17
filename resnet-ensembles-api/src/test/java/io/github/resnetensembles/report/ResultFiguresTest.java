package io.github.resnetensembles.report;

import static io.github.resnetensembles.lesion.Rows.drawn;
import static io.github.resnetensembles.lesion.Rows.reordered;
import static io.github.resnetensembles.lesion.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultFiguresTest {
  private static final int IMAGES = 100;
  private static final Architecture RESNET = Architecture.resnet(20);

  private static BitSet wrong(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return bits;
  }

  private static LesionReport report(Architecture architecture, List<LesionRow> rows) {
    return Rows.report(architecture, IMAGES, wrong(8), rows);
  }

  private static LesionReport report(Lesion... lesions) {
    return report(
        RESNET,
        IntStream.range(0, lesions.length)
            .mapToObj(i -> row(PlannedLesion.of(lesions[i]), IMAGES, wrong(10 + i)))
            .toList());
  }

  private static LesionReport deleteEach(Architecture architecture) {
    return report(
        architecture,
        IntStream.rangeClosed(1, architecture.size())
            .mapToObj(i -> row(PlannedLesion.of(Lesion.delete(i)), IMAGES, wrong(10 * i)))
            .toList());
  }

  private static LesionReport drawnRows(int counts, int draws, Function<Integer, Lesion> lesion) {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= counts; k++) {
      for (int draw = 1; draw <= draws; draw++) {
        rows.add(row(drawn(lesion.apply(k), k, draw), IMAGES, wrong(20 * k + draw)));
      }
    }
    return report(RESNET, rows);
  }

  private static Figure only(LesionReport report) {
    List<Figure> figures = Report.builder().add(report).figures();
    assertThat(figures).hasSize(1);
    return figures.get(0);
  }

  @Test
  void aResultHasTheFiguresOfItsReport() {
    LesionReport each = deleteEach(RESNET);
    Figure alone = only(each);
    Figure reported =
        Report.of(each).figures().stream()
            .filter(figure -> figure.name().equals("delete-one"))
            .findFirst()
            .orElseThrow();

    assertThat(alone.series()).isEqualTo(reported.series());
    assertThat(alone.levels()).isEqualTo(reported.levels());
    assertThat(alone.description()).isEqualTo(reported.description());
    assertThat(alone.title()).isEqualTo(reported.title() + ": hand-made images, 100 images");
  }

  @Test
  void networksShareAFigureHoweverTheyWereTrained() {
    Architecture stochastic =
        Architecture.resnet(20).toBuilder().mapBlocks(block -> block.withGain(0.5)).build();
    List<Figure> figures =
        Report.builder()
            .add("all", deleteEach(RESNET))
            .add("stochastic", deleteEach(stochastic))
            .figures();

    assertThat(figures).hasSize(1);
    assertThat(figures.get(0).series())
        .extracting(Series::label)
        .containsExactly(
            "all",
            "stochastic",
            "all, transition blocks",
            "published: pre-activation ResNet-20",
            "published: ResNet-20 trained with stochastic depth");
  }

  @Test
  void differentStudiesHaveFiguresOfTheirOwn() {
    List<Figure> figures =
        Report.builder()
            .add("a", deleteEach(RESNET), drawnRows(3, 4, k -> Lesion.delete(k, k + 1)))
            .add("b", drawnRows(3, 4, k -> Lesion.delete(k, k + 1)))
            .figures();

    assertThat(figures).extracting(Figure::name).containsExactly("delete-one", "delete-many");
    assertThat(figures.get(1).series()).extracting(Series::label).containsExactly("a", "b");
  }

  @Test
  void everyNetworkHasItsIntactError() {
    LesionReport worse =
        Rows.report(RESNET, IMAGES, wrong(30), drawnRows(2, 2, k -> Lesion.duplicate(k)).rows());

    assertThat(
            Report.builder()
                .add("a", drawnRows(2, 2, k -> Lesion.duplicate(k)))
                .add("b", worse)
                .figures()
                .get(0)
                .levels())
        .containsExactly(
            new Level("chance", 90), new Level("a, intact", 8), new Level("b, intact", 30));
  }

  @Test
  void equalNamesAreNumberedInOneFigureOnly() {
    List<Figure> figures =
        Report.builder()
            .add("same", deleteEach(RESNET), drawnRows(2, 2, k -> Lesion.delete(k, 9)))
            .add("same", deleteEach(RESNET))
            .figures();

    assertThat(figures.get(0).series()).extracting(Series::label).startsWith("same", "same [2]");
    assertThat(figures.get(1).series()).extracting(Series::label).containsExactly("same");
  }

  @Test
  void oneDrawOrOneImageHasNoIntervalOverDraws() {
    Figure once = only(drawnRows(3, 1, k -> Lesion.delete(k, k + 1)));
    assertThat(once.series().get(0).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(1.0, 21.0), tuple(2.0, 41.0), tuple(3.0, 61.0));

    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 2; draw++) {
      rows.add(reordered(drawn(Lesion.swap(2, 3), 1, draw), RESNET, 1, wrong(draw - 1)));
    }
    Figure oneImage = only(Rows.report(RESNET, 1, wrong(0), rows));
    assertThat(oneImage.series()).extracting(Series::mark).containsExactly(Mark.POINTS);
  }

  @Test
  void fewOtherLesionsAreNamedBarsBesideTheIntactNetwork() {
    Figure figure = only(report(Lesion.deleteSkip(3, 4), Lesion.scale(5, 0.5)));

    assertThat(figure.name()).isEqualTo("lesions");
    assertThat(figure.x().categories())
        .containsExactly("intact", "deleteSkip{3,4}", "scale{5=0.5}");
    assertThat(figure.series().get(0).mark()).isEqualTo(Mark.BARS);
    assertThat(figure.series().get(0).points())
        .extracting(Point::y)
        .containsExactly(8.0, 10.0, 11.0);
    assertThat(figure.levels()).containsExactly(new Level("resnet-20, intact", 8));
    assertThat(only(report(Lesion.delete(3))).x().categories())
        .as("one lesion is no curve")
        .containsExactly("intact", "delete{3}");
  }

  @Test
  void manyOtherLesionsArePointsByRow() {
    LesionReport pairs =
        report(
            LesionPlan.deletePairs().build(RESNET).rows().stream()
                .map(PlannedLesion::lesion)
                .toArray(Lesion[]::new));
    Figure figure = only(pairs);

    assertThat(figure.x().categories()).isEmpty();
    assertThat(figure.series().get(0).mark()).isEqualTo(Mark.POINTS);
    assertThat(figure.series().get(0).points()).extracting(Point::x).hasSize(36).startsWith(1.0);
  }

  @Test
  void otherLesionsOfTheSamePlanShareAFigure() {
    List<Figure> figures =
        Report.builder()
            .add("a", report(Lesion.scale(1, 0.5)))
            .add("b", report(Lesion.scale(1, 0.5)))
            .add("c", report(Lesion.scale(2, 0.5)))
            .figures();

    assertThat(figures).extracting(Figure::name).containsExactly("lesions", "lesions-2");
    assertThat(figures.get(0).series()).extracting(Series::label).containsExactly("a", "b");
  }

  @Test
  void randomChangesOfOtherKindsAreACurve() {
    Figure figure = only(drawnRows(2, 3, k -> Lesion.scale(k, 0.5)));

    assertThat(figure.x().label()).isEqualTo("number of random changes");
    assertThat(figure.series().get(0).points()).extracting(Point::y).containsExactly(22.0, 42.0);
  }

  @Test
  void classesOfAnEvaluationAreBars() {
    LesionReport report = report(Lesion.delete(1));
    Evaluation evaluation =
        new Evaluation(
            row(PlannedLesion.of(Lesion.intact()), IMAGES, Rows.bits(0, 2, 4, 5)),
            report.provenance());
    Figure figure = Report.builder().add(evaluation).figures().get(0);

    assertThat(figure.title()).isEqualTo("Error by class: hand-made images, 100 images");
    assertThat(figure.series().get(0).points())
        .extracting(Point::x, Point::y)
        .containsExactly(tuple(0.0, 6.0), tuple(1.0, 2.0));
    assertThat(figure.levels()).containsExactly(new Level("resnet-20, all", 4));
  }

  @Test
  void gradientsMarkTheLengthsOfAMass() {
    try (ResidualModel model =
        ResidualModel.open(
            new ReferenceBackend(), Weights.initialised(Architecture.resnet(8), 1))) {
      var batch = ImageSets.builtIn().batch(2);
      var gradients = model.gradients().exact().run(batch);
      List<Figure> figures = Figure.of(gradients, 0.5);
      var effective = gradients.effectiveLengths(0.5);

      assertThat(figures)
          .extracting(Figure::name)
          .containsExactly(
              "gradient-path-lengths",
              "gradient-norms",
              "gradient-of-one-path",
              "gradient-by-length");
      assertThat(figures.get(2).y().scale()).isEqualTo(Figure.Scale.LOGARITHMIC);
      Point two = figures.get(2).series().get(0).points().get(2);
      assertThat(two.x()).isEqualTo(2);
      assertThat(two.y())
          .as("three paths of length 2")
          .isCloseTo(gradients.lengths().get(2).pathSumNorm().getAsDouble() / 3, within(1e-18));
      assertThat(figures.get(0).series().get(1).points())
          .hasSize(effective.to() - effective.from() + 1)
          .isNotEqualTo(Figure.of(gradients, 1).get(0).series().get(1).points());
      assertThat(figures.get(0).title()).as("of any images").isEqualTo("How long paths are");
      assertThat(figures.get(1).title()).endsWith(", 2 images");
      assertThat(figures.get(3).series().get(0).label()).startsWith("resnet-8 (untrained), ");

      assertThat(Figure.of(model.gradients().maxLength(0).run(batch), 0.5).get(0).series())
          .as("nothing is marked where nothing is known")
          .hasSize(1);
      var path = model.gradients().path(1).run(batch);
      assertThatThrownBy(() -> Figure.of(path, 0.5))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("a single path was measured");
    }
  }

  @Test
  void pathLengthsAreDrawnWithWhatDeletionsLeave() {
    Figure figure = Figure.of(PathEnumerator.of(54), OptionalInt.of(10));

    assertThat(figure.series())
        .extracting(Series::label)
        .containsExactly("all paths", "left after deleting 10 random blocks");
    assertThat(figure.series().get(0).points().get(0).x()).isBetween(5.0, 12.0);
    assertThat(sum(figure.series().get(0))).isCloseTo(100, within(1e-3));
    // 10 deletions leave one path in 2^10.
    assertThat(sum(figure.series().get(1))).isCloseTo(100 / 1024.0, within(1e-3));
    assertThat(Figure.of(PathEnumerator.of(10_000), OptionalInt.empty()).series().get(0).points())
        .hasSizeBetween(400, 600);
  }

  private static double sum(Series series) {
    return series.points().stream().mapToDouble(Point::y).sum();
  }

  @Test
  void whatHasNothingToDrawIsRefused() {
    assertThatThrownBy(() -> Report.builder().figures())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at least one result");
    assertThatThrownBy(() -> Report.builder().add(report(RESNET, List.of())).figures())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the report has no rows");
  }
}
