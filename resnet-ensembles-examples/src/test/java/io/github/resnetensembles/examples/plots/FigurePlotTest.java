package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Series;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FigurePlotTest {
  private static final FigureSize[] SIZES = {FigureSize.FILE, FigureSize.WIDE, FigureSize.NARROW};

  @TempDir Path folder;

  private static List<Element> elements(String svg, String name) throws Exception {
    NodeList nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)))
            .getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Figure lines(int count) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int height = i;
      series.add(PageReports.series("series " + i, Mark.LINE, 0, 3, x -> x + height));
    }
    return new Figure(
        "lines", "Lines", "Lines.", Axis.linear("x"), Axis.linear("y"), series, List.of());
  }

  @Test
  void pngShowsWhatSvgSays() throws IOException {
    Path file = folder.resolve("deletions.PNG");
    FigurePlot.write(file, PageReports.deletions());

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(2 * FigureSize.FILE.width());
    assertThat(image.getRGB(2, 2)).as("white background").isEqualTo(0xFFFFFFFF);
    assertThat(pixels(image, 0xFFD55E00)).as("the second series").isGreaterThan(1000);
    assertThat(pixels(image, 0xFF1A1A1A)).as("the first, and letters").isGreaterThan(1000);
    assertThat(pixels(image, 0xFF56B4E9)).as("no third series").isZero();
  }

  private static long pixels(BufferedImage image, int color) {
    return IntStream.range(0, image.getWidth() * image.getHeight())
        .filter(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()) == color)
        .count();
  }

  @Test
  void figuresStandBelowEachOther() throws Exception {
    Path file = folder.resolve("both.svg");
    FigurePlot.write(file, PageReports.deletions(), PageReports.norms());

    List<Element> drawings = elements(Files.readString(file), "svg");
    assertThat(drawings).hasSize(3);
    assertThat(number(drawings.get(2), "y")).isEqualTo(number(drawings.get(1), "height"));
    assertThat(number(drawings.get(0), "height"))
        .isEqualTo(number(drawings.get(1), "height") + number(drawings.get(2), "height"));
    assertThat(drawings.get(2).getAttribute("aria-labelledby"))
        .isEqualTo("path-norms-title path-norms-description");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void textsLieInsideOfThePicture() throws Exception {
    for (FigureSize size : SIZES) {
      for (Figure figure :
          List.of(
              PageReports.paths(),
              PageReports.deletions(),
              PageReports.many(),
              PageReports.reorder(),
              PageReports.norms(),
              PageReports.trainings(),
              PageReports.values(),
              lines(40))) {
        for (Element svg : elements(FigureDrawing.element(figure, size, "a"), "svg")) {
          NodeList texts = svg.getElementsByTagName("text");
          for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.hasAttribute("x")) {
              double length = number(text, "textLength");
              String anchor = text.getAttribute("text-anchor");
              double before = anchor.equals("end") ? 1 : anchor.equals("middle") ? 0.5 : 0;
              double from = number(text, "x") - before * length;
              String what = figure.name() + " " + size + " " + text.getTextContent();
              assertThat(from).as(what).isNotNegative();
              assertThat(from + length).as(what).isLessThanOrEqualTo(size.width());
              assertThat(number(text, "y"))
                  .as(what)
                  .isBetween(0.7 * number(text, "font-size"), number(svg, "height") - 3);
            }
          }
        }
      }
    }
  }

  @Test
  void horizontalAxisStandsAtZero() throws Exception {
    for (FigureSize size : SIZES) {
      String svg = FigureDrawing.element(PageReports.deletions(), size, "a");
      Element zero =
          elements(svg, "text").stream()
              .filter(text -> text.getTextContent().equals("0"))
              .findFirst()
              .orElseThrow();
      String axis =
          elements(svg, "path").stream()
              .filter(path -> path.getAttribute("stroke").contains(Look.AXIS))
              .findFirst()
              .orElseThrow()
              .getAttribute("d");
      double bottom = Double.parseDouble(axis.split("[ML ]", -1)[4]);
      assertThat(number(zero, "y")).isBetween(bottom, bottom + 0.5 * size.letters());
    }
  }

  @Test
  void blocksThatDoNotExistHaveNoNumber() throws Exception {
    Figure figure =
        new Figure(
            "blocks",
            "Blocks",
            "Blocks.",
            Axis.linear("block"),
            Axis.linear("error"),
            List.of(PageReports.series("a", Mark.LINE, 1, 27, x -> 40)),
            List.of());

    assertThat(elements(FigureDrawing.file(List.of(figure)), "text"))
        .extracting(Element::getTextContent)
        .contains("2", "26")
        .doesNotContain("0", "28");
  }

  @Test
  void seriesDifferInMarkerOrColour() throws Exception {
    assertThat(
            elements(FigureDrawing.file(List.of(lines(36))), "path").stream()
                .filter(path -> path.getAttribute("fill").startsWith("#"))
                .map(path -> path.getAttribute("fill") + shape(path.getAttribute("d")))
                .distinct())
        .hasSize(36);
  }

  /** The way around one marker, without where it stands. */
  private static String shape(String path) {
    String[] numbers = path.substring(1, path.indexOf('Z')).split("[MLa ]+", -1);
    StringBuilder shape = new StringBuilder();
    for (int i = 2; i < numbers.length; i++) {
      shape.append(
          path.contains("a")
              ? "round"
              : " "
                  + Math.round(
                      10 * (Double.parseDouble(numbers[i]) - Double.parseDouble(numbers[i % 2]))));
    }
    return shape.toString();
  }

  @Test
  void levelsHaveTheColourOfTheirSeries() throws Exception {
    Figure figure =
        new Figure(
            "levels",
            "Levels",
            "Levels.",
            Axis.linear("x"),
            Axis.linear("y"),
            List.of(
                PageReports.series("a20", Mark.LINE, 0, 3, x -> x),
                PageReports.series("a2", Mark.LINE, 0, 3, x -> x),
                PageReports.series("a2, transition blocks", Mark.POINTS, 0, 3, x -> x),
                PageReports.series("b, mean", Mark.LINE, 0, 3, x -> x)),
            List.of(new Level("b, intact", 1), new Level("a2, intact", 2), new Level("chance", 3)));
    List<Element> levels =
        elements(FigureDrawing.file(List.of(figure)), "path").stream()
            .filter(path -> path.hasAttribute("stroke-dasharray"))
            .toList();

    assertThat(levels.subList(0, 3))
        .extracting(path -> path.getAttribute("stroke"))
        .containsExactly(Look.color(3), Look.color(1), Look.color(2));
    assertThat(levels.get(0).getAttribute("stroke-dasharray"))
        .isNotEqualTo(levels.get(1).getAttribute("stroke-dasharray"));
  }

  @Test
  void otherEndingsAreRefused() {
    assertThatThrownBy(() -> FigurePlot.write(Path.of("plot.pdf"), PageReports.deletions()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a plot is a .png or .svg file, got plot.pdf; give it one of these endings");
  }
}
