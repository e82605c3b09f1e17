package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.network.Architecture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;

class LesionPlotsTest {
  private static final Architecture RESNET = Architecture.resnet(56);
  private static final Architecture PLAIN = Architecture.plain(56);

  @TempDir Path folder;

  @Test
  void deletionsOfOneBlockAreDrawnByBlock() {
    Chart<?, ?> chart = chart(eachOfResnet());

    assertThat(chart.getTitle())
        .isEqualTo("Error after deleting one block: hand-made images, 1000 images");
    XYChart lines = (XYChart) chart;
    assertThat(lines.getXAxisTitle()).isEqualTo("deleted block (number)");
    assertThat(lines.getYAxisTitle()).isEqualTo("top-1 error (%)");
    assertThat(names(lines))
        .containsExactly("resnet-56", "blocks that change the shape", "resnet-56, intact");
    assertThat(lines.getSeries("resnet-56").getXData()).hasSize(27).startsWith(1, 2, 3);
    assertThat(lines.getSeries("resnet-56").getYData()).startsWith(7.1, 7.2, 7.3);
    assertThat(lines.getSeries("resnet-56, intact").getYData()).containsExactly(7, 7);
    assertThat(lines.getSeries("blocks that change the shape").getXData()).containsExactly(10, 19);
  }

  @Test
  void baselinesAreDashed() {
    XYChart chart = (XYChart) chart(eachOfResnet(), eachOfPlain());

    for (XYSeries series : chart.getSeriesCollection()) {
      assertThat(series.getLineStyle().getDashArray() != null)
          .as(series.getName())
          .isEqualTo(series.getName().endsWith(", intact"));
    }
  }

  @Test
  void severalReportsShareAPicture() {
    XYChart chart = (XYChart) chart(eachOfPlain(), eachOfResnet());

    assertThat(names(chart))
        .containsExactly("plain-56", "plain-56, intact", "resnet-56", "resnet-56, intact");
  }

  @Test
  void joinedPlansHaveAPanelEach() throws IOException {
    LesionReport joined =
        Reports.of(
            RESNET,
            LesionPlan.join(
                LesionPlan.deleteEach().build(RESNET),
                LesionPlan.deleteRandom(1, 3).draws(4).build(RESNET)),
            1000,
            70,
            row -> 80);
    Path file = folder.resolve("joined.svg");

    LesionPlots.write(file, List.of(LabelledReport.of(joined)));

    assertThat(Files.readString(file, UTF_8)).contains("viewBox=\"0 0 1200 1500\"");
    assertThat(LesionPlots.byPlan(List.of(LabelledReport.of(joined))))
        .extracting(plan -> LesionPlots.chart(plan).getTitle())
        .containsExactly(
            "Error after deleting one block: hand-made images, 1000 images",
            "Error after deleting k blocks: hand-made images, 1000 images");
    assertThatThrownBy(
            () ->
                LesionPlots.write(
                    file, List.of(LabelledReport.of(joined), LabelledReport.of(eachOfResnet()))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "results of 2 and of 1 joined plans do not fit into one picture; draw them one by one");
  }

  @Test
  void equalLabelsAreNumbered() {
    XYChart chart = (XYChart) chart(eachOfResnet(), eachOfResnet());

    assertThat(names(chart)).contains("resnet-56", "resnet-56 [2]");
  }

  @Test
  void randomDeletionsAreDrawnByCountWithQuartiles() {
    XYChart chart = (XYChart) chart(randomDeletions(RESNET));

    assertThat(chart.getXAxisTitle()).isEqualTo("deleted blocks k (count)");
    assertThat(names(chart))
        .containsExactly(
            "resnet-56, middle half of the draws", "resnet-56, mean", "resnet-56, intact");
    // Draws 1..5 of k = 1 have 74, 78 ... 90 wrong of 1000.
    assertThat(chart.getSeries("resnet-56, mean").getYData()[0]).isEqualTo(8.2);
    double[] band = chart.getSeries("resnet-56, middle half of the draws").getYData();
    assertThat(band).hasSize(40);
    assertThat(band[0]).isEqualTo(7.8);
    assertThat(band[39]).isEqualTo(8.6);
  }

  @Test
  void swapsAreDrawnByKendallTau() {
    XYChart chart = (XYChart) chart(swaps());

    assertThat(chart.getXAxisTitle())
        .isEqualTo("Kendall tau of the block order (1 = original order)");
    LesionReport report = swaps();
    assertThat(chart.getSeries("resnet-56").getXData())
        .containsExactly(
            report.rows().stream().mapToDouble(r -> r.kendallTau().getAsDouble()).toArray());
  }

  @Test
  void allSetsAreDrawnByCount() {
    LesionReport report =
        Reports.of(Architecture.resnet(8), LesionPlan.deleteSubsets(), 100, 10, planned -> 20);

    XYChart chart = (XYChart) chart(report);

    assertThat(chart.getSeries("resnet-8, mean").getXData()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void fewOtherLesionsAreNamedBars() {
    LesionReport report =
        Reports.of(
            RESNET,
            LesionPlan.of(Lesion.deleteSkip(3), Lesion.scale(5, 0.5)),
            1000,
            70,
            planned -> 130);

    CategoryChart chart = (CategoryChart) chart(report);

    assertThat(chart.getSeries("resnet-56").getXData())
        .isEqualTo(List.of("intact", "deleteSkip{3}", "scale{5=0.5}"));
    assertThat(chart.getSeries("resnet-56").getYData()).isEqualTo(new double[] {7, 13, 13});
  }

  @Test
  void longNamesStayDifferentWhenCut() {
    Lesion first = Lesion.deleteSkip(11, 12, 13, 14, 15, 16, 17, 20);
    Lesion second = Lesion.deleteSkip(11, 12, 13, 14, 15, 16, 17, 21);

    CategoryChart chart =
        (CategoryChart)
            chart(Reports.of(RESNET, LesionPlan.of(first, second), 1000, 70, planned -> 130));

    assertThat(chart.getSeries("resnet-56").getXData())
        .isEqualTo(
            List.of(
                "intact",
                "deleteSkip{11,12,13,14,15,16...",
                "deleteSkip{11,12,13,14,15,16... (2)"));
  }

  @Test
  void manyOtherLesionsAreDrawnByRow() {
    XYChart chart =
        (XYChart)
            chart(Reports.of(Architecture.resnet(56), LesionPlan.deletePairs(), 100, 7, row -> 20));

    assertThat(chart.getXAxisTitle()).isEqualTo("lesion (row of the plan)");
    assertThat(chart.getSeries("resnet-56").getXData()).hasSize(351).startsWith(1, 2);
  }

  @Test
  void differentStudiesDoNotShareAPicture() {
    assertThatThrownBy(() -> chart(eachOfResnet(), swaps()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "results of different studies do not fit into one picture: resnet-56 is about 'Error"
                + " after deleting one block', resnet-56 about 'Error after reordering blocks' or"
                + " other lesions; draw them one by one");
  }

  @Test
  void nothingIsNotDrawn() {
    assertThatThrownBy(() -> LesionPlots.chart(List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("nothing to draw: give at least one result");
  }

  @Test
  void untrainedNetworksAreCalledSo() {
    LesionReport report = eachOfResnet();
    LesionReport untrained =
        new LesionReport(
            report.base(),
            report.baseline(),
            report.rows(),
            report.excluded(),
            report.cost(),
            List.of(new RecordRange(0, 2000)),
            Reports.provenance(RESNET, false));

    assertThat(LabelledReport.of(untrained).label()).isEqualTo("resnet-56 (untrained)");
    assertThat(chart(untrained).getTitle()).endsWith(" (incomplete)");
  }

  @Test
  void pngHasTheSizeAndContent() throws IOException {
    Path file = folder.resolve("each.PNG");

    LesionPlots.write(file, List.of(LabelledReport.of(eachOfResnet())));

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1200);
    assertThat(image.getHeight()).isEqualTo(750);
    assertThat(image.getRGB(2, 2)).as("white background").isEqualTo(0xFFFFFFFF);
  }

  @Test
  void svgIsWrittenAlone() throws IOException {
    Path file = folder.resolve("each.svg");

    LesionPlots.write(file, List.of(LabelledReport.of(eachOfResnet())));

    assertThat(Files.readString(file, UTF_8))
        .contains("<svg", "height=\"750px\"", "stroke-dasharray")
        .endsWith("</svg>\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void everyPictureCanBePainted() {
    for (LesionReport report :
        List.of(
            eachOfResnet(),
            randomDeletions(RESNET),
            swaps(),
            Reports.of(RESNET, LesionPlan.of(Lesion.deleteSkip(3)), 100, 0, planned -> 0),
            Reports.of(RESNET, LesionPlan.deleteRandom(2, 2), 100, 0, planned -> 0),
            Reports.of(RESNET, LesionPlan.deletePairs(), 100, 100, planned -> 100))) {
      Path file = folder.resolve("any.png");
      LesionPlots.write(file, List.of(LabelledReport.of(report)));
      assertThat(file).isNotEmptyFile();
    }
  }

  @Test
  void otherEndingsAreRefused() {
    assertThatThrownBy(() -> PlotFile.check(Path.of("plot.pdf")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a plot is a .png or .svg file, got plot.pdf; give it one of these endings");
  }

  @Test
  void classesAreBars() {
    CategoryChart chart = EvaluationPlot.chart(Reports.evaluation(20, 12, false));

    assertThat(chart.getSeries("resnet-8 (untrained)").getYData())
        .isEqualTo(new double[] {100, 20});
    Path file = folder.resolve("classes.png");
    EvaluationPlot.write(file, Reports.evaluation(20, 12, false));
    assertThat(file).isNotEmptyFile();
  }

  static LesionReport eachOfResnet() {
    return Reports.of(RESNET, LesionPlan.deleteEach(), 1000, 70, row -> 70 + number(row));
  }

  static LesionReport eachOfPlain() {
    return Reports.of(PLAIN, LesionPlan.deleteEach(), 1000, 90, row -> 880 + number(row));
  }

  static LesionReport randomDeletions(Architecture architecture) {
    return Reports.of(
        architecture,
        LesionPlan.deleteRandom(1, 20).draws(5).seed(1),
        1000,
        70,
        row ->
            (int) (70 + row.k().getAsInt() * row.k().getAsInt() * (2 - 1.0 / row.k().getAsInt()))
                - 1
                + 4 * row.draw().getAsInt());
  }

  static LesionReport swaps() {
    return Reports.of(
        RESNET,
        LesionPlan.swapRandom(1, 10).draws(10).seed(1),
        1000,
        70,
        row -> 70 + 40 * row.k().getAsInt() + 7 * row.draw().getAsInt());
  }

  private static int number(PlannedLesion planned) {
    return ((Lesion.Delete) planned.lesion()).blocks().iterator().next();
  }

  private static List<String> names(XYChart chart) {
    return chart.getSeriesCollection().stream().map(XYSeries::getName).toList();
  }

  private static Chart<?, ?> chart(LesionReport... reports) {
    return LesionPlots.chart(java.util.Arrays.stream(reports).map(LabelledReport::of).toList());
  }
}
