package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static Figure figure(String name, Axis x, Axis y, List<Series> series) {
    return new Figure(name, "Title", "What one sees.", x, y, series, List.of(new Level("all", 2)));
  }

  private static Figure figure(Axis x, Axis y, Point... points) {
    return figure("one-2", x, y, List.of(new Series("a", Mark.LINE, List.of(points))));
  }

  @Test
  void jsonHasEveryNumberAndIntervalsWhereThereAre() {
    Figure figure =
        figure(
            Axis.linear("block"),
            Axis.logarithmic("norm"),
            Point.of(1, 0.1),
            Point.of(2, new Estimate(3, new Interval(2.5, 3.5, 0.95))));

    assertThat(figure.toJson())
        .isEqualTo(
            "{\"name\":\"one-2\",\"title\":\"Title\",\"description\":\"What one sees.\","
                + "\"x\":{\"label\":\"block\",\"scale\":\"linear\"},"
                + "\"y\":{\"label\":\"norm\",\"scale\":\"logarithmic\"},"
                + "\"series\":[{\"label\":\"a\",\"mark\":\"line\",\"points\":["
                + "{\"x\":1,\"y\":0.1},{\"x\":2,\"y\":3,\"low\":2.5,\"high\":3.5}]}],"
                + "\"levels\":[{\"label\":\"all\",\"y\":2}]}");
    assertThat(figure.toCsv()).isEqualTo("series,x,y,low,high\na,1,0.1,,\na,2,3,2.5,3.5\n");
  }

  @Test
  void csvNamesThePositionsOfAnAxisOfNames() {
    Figure figure =
        figure(
            Axis.of("network", List.of("intact", "with, comma")),
            Axis.linear("y"),
            Point.of(2, 0.5));

    assertThat(figure.toCsv()).isEqualTo("series,x,y,low,high\na,\"with, comma\",0.5,,\n");
    assertThat(figure.toJson()).contains("\"categories\":[\"intact\",\"with, comma\"]");
  }

  @Test
  void anEmptyFigureIsRefused() {
    Axis axis = Axis.linear("y");

    assertThatThrownBy(() -> figure("one", axis, axis, List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the figure one has no series, so there is nothing to draw; leave it out");
    assertThatThrownBy(() -> figure(axis, axis))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the series 'a' of the figure one-2 has no point, so there is nothing to draw; leave"
                + " it out");
  }

  @Test
  void whatAnAxisCannotShowIsRefused() {
    assertThatThrownBy(() -> figure(Axis.linear("x"), Axis.linear("y"), Point.of(1, Double.NaN)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the series 'a' of the figure one-2 has the value NaN on the axis 'y'; leave it out");
    assertThatThrownBy(() -> figure(Axis.linear("x"), Axis.logarithmic("y"), Point.of(1, 0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has the value 0.0 on the axis 'y', but a logarithmic axis shows");
    assertThatThrownBy(
            () ->
                figure(
                    Axis.linear("x"),
                    Axis.logarithmic("y"),
                    Point.of(1, new Estimate(1, new Interval(-1, 2, 0.95)))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has the value -1.0 on the axis 'y'");
    assertThatThrownBy(
            () -> figure(Axis.of("x", List.of("only")), Axis.linear("y"), Point.of(2, 0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has the position 2 on the axis 'x', whose names stand at 1 to 1");
  }

  @Test
  void namesAreThoseOfFiles() {
    for (String name : List.of("", "Big", "a b", "a--b", "-a", "../a")) {
      assertThatThrownBy(
              () ->
                  figure(
                      name,
                      Axis.linear("x"),
                      Axis.linear("y"),
                      List.of(new Series("a", Mark.POINTS, List.of(Point.of(1, 2))))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("the name of a figure is lower case letters")
          .hasMessageEndingWith("got '" + name + "'");
    }
  }

  @Test
  void aTableKeepsNumbersInFull() {
    ReportTable table =
        new ReportTable(
            "some",
            "Some",
            List.of("what", "error (%)"),
            List.of(
                List.of(Cell.of("a, b"), Cell.of(1.0 / 3, "0.33")),
                List.of(Cell.of(4, "4"), Cell.of("none"))));

    assertThat(table.toCsv()).isEqualTo("what,error (%)\n\"a, b\",0.3333333333333333\n4,none\n");
    assertThat(table.toJson())
        .isEqualTo(
            "{\"name\":\"some\",\"title\":\"Some\",\"columns\":[\"what\",\"error (%)\"],"
                + "\"rows\":[[\"a, b\",0.3333333333333333],[4,\"none\"]]}");
  }

  @Test
  void aTableWithoutRowsOrWithRaggedOnesIsRefused() {
    assertThatThrownBy(() -> new ReportTable("some", "Some", List.of("a"), List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the table some has no row, so there is nothing to show; leave it out");
    assertThatThrownBy(
            () ->
                new ReportTable(
                    "some", "Some", List.of("a", "b"), List.of(List.of(Cell.of("only")))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a row of the table some has 1 cells, but there are 2 columns");
    assertThatThrownBy(
            () ->
                new ReportTable(
                    "some", "Some", List.of("a"), List.of(List.of(Cell.of(Double.NaN, "?")))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a cell of the table some has the number NaN; say in words that there is none");
  }
}
