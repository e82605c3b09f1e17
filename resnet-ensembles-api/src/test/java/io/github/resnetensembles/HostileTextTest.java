package io.github.resnetensembles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.Streams;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.weights.RenameRules;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever text enters through the library's methods is refused in one clear line, or reaches
 * messages, JSON and CSV so that it can be shown. {@link RecordsTest} does the same for records.
 */
class HostileTextTest {
  private static final Architecture NETWORK = Architecture.preResnet(8);

  private static final LesionReport REPORT =
      Rows.report(
          NETWORK,
          4,
          Rows.bits(1),
          List.of(Rows.row(PlannedLesion.of(Lesion.delete(1)), 4, Rows.bits(1, 2))));

  private static final Report.Builder BUILDER = Report.builder().add(deleteEach());

  private static LesionReport deleteEach() {
    return Rows.report(
        NETWORK,
        4,
        Rows.bits(1),
        LesionPlan.deleteEach().build(NETWORK).rows().stream()
            .map(planned -> Rows.row(planned, 4, Rows.bits(1, 2)))
            .toList());
  }

  private static Figure figure(String title, String description, Axis x, String label) {
    Series series = new Series(label, Mark.LINE, List.of(Point.of(1, 2)));
    return new Figure(
        "figure", title, description, x, Axis.linear(label), List.of(series), List.of());
  }

  private static List<String> both(Figure figure) {
    return List.of(figure.toJson(), figure.toCsv());
  }

  private static List<String> both(ReportTable table) {
    return List.of(table.toJson(), table.toCsv());
  }

  private static ReportTable table(String title, String column, String cell) {
    return new ReportTable("table", title, List.of(column), List.of(List.of(Cell.of(cell))));
  }

  private static Report report(Kind kind, String title, String paragraph, String command) {
    ReportSection section =
        new ReportSection(kind, title, List.of(paragraph), List.of(), List.of(), List.of(command));
    return new Report("title", List.of(), List.of(), List.of(section), List.of());
  }

  private static LesionPlan described(String description) {
    LesionPlan plan = LesionPlan.deleteEach().build(NETWORK);
    return new LesionPlan(plan.blocks(), description, plan.excluded(), plan.rows());
  }

  private static Path missing(String name) {
    try {
      return Path.of("/no-such-folder", name);
    } catch (java.nio.file.InvalidPathException e) {
      return Path.of("/no-such-folder");
    }
  }

  private static final Map<String, Function<String, List<String>>> ENTRIES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("title of a report", t -> List.of(BUILDER.title(t).build().toJson())),
              Map.entry(
                  "label of a network",
                  t -> List.of(Report.builder().add(t, deleteEach()).build().toJson())),
              Map.entry(
                  "label of a result",
                  t ->
                      List.of(
                          new Report(
                                  "title",
                                  List.of(),
                                  List.of(),
                                  List.of(),
                                  List.of(new LabelledResult(t, "name", REPORT)))
                              .toJson())),
              Map.entry(
                  "name of a result",
                  t ->
                      List.of(
                          new Report(
                                  "title",
                                  List.of(),
                                  List.of(),
                                  List.of(),
                                  List.of(new LabelledResult("label", t, REPORT)))
                              .toJson())),
              Map.entry("note", t -> List.of(BUILDER.note(Kind.DELETE_ONE, t).build().toJson())),
              Map.entry(
                  "command", t -> List.of(BUILDER.commands(Kind.DELETE_ONE, t).build().toJson())),
              Map.entry(
                  "title of a section",
                  t -> List.of(report(Kind.CHECKS, t, "words", "words").toJson())),
              Map.entry(
                  "paragraph of a section",
                  t -> List.of(report(Kind.CHECKS, "title", t, "words").toJson())),
              Map.entry(
                  "command of a section",
                  t -> List.of(report(Kind.CHECKS, "title", "words", t).toJson())),
              Map.entry("title of a figure", t -> both(figure(t, "d", Axis.linear("x"), "y"))),
              Map.entry("description", t -> both(figure("t", t, Axis.linear("x"), "y"))),
              Map.entry("axis", t -> both(figure("t", "d", Axis.linear(t), "y"))),
              Map.entry("category", t -> both(figure("t", "d", Axis.of("x", List.of(t)), "y"))),
              Map.entry("series", t -> both(figure("t", "d", Axis.linear("x"), t))),
              Map.entry(
                  "series without a point",
                  t ->
                      both(
                          new Figure(
                              "figure",
                              "title",
                              "words",
                              Axis.linear("x"),
                              Axis.linear("y"),
                              List.of(new Series(t, Mark.LINE, List.of())),
                              List.of()))),
              Map.entry(
                  "level",
                  t ->
                      both(
                          new Figure(
                              "figure",
                              "title",
                              "words",
                              Axis.linear("x"),
                              Axis.linear("y"),
                              List.of(new Series("s", Mark.LINE, List.of(Point.of(1, 2)))),
                              List.of(new Level(t, 1))))),
              Map.entry("title of a table", t -> both(table(t, "column", "cell"))),
              Map.entry("column", t -> both(table("title", t, "cell"))),
              Map.entry("cell", t -> both(table("title", "column", t))),
              Map.entry("plan", t -> List.of(described(t).toJson(), described(t).description())),
              Map.entry("preset", t -> List.of(Architecture.of(t).toJson())),
              Map.entry("path", t -> List.of(ResidualPath.parse(t).toString())),
              Map.entry(
                  "rename rule",
                  t -> List.of(RenameRules.parse(List.of(t)).rules().get(0).pattern())),
              Map.entry("weights", t -> List.of(Weights.from(missing(t)).load().toString())),
              Map.entry(
                  "images", t -> List.of(ImageSets.open(missing(t), ImageSets.Split.TEST).name())),
              Map.entry("JSON of a plan", t -> List.of(LesionPlan.fromJson(t).toJson())),
              Map.entry("JSON of a report", t -> List.of(LesionReport.fromJson(t).toJson()))));

  static Stream<Arguments> entries() {
    return ENTRIES.entrySet().stream().map(entry -> arguments(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void isRefusedOrMadeFitToBeShown(String name, Function<String, List<String>> entry) {
    for (String hostile : HostileText.all()) {
      HostileText.check(name, () -> entry.apply(hostile));
    }
  }

  static Stream<Arguments> jsons() {
    return Stream.of(
        file(
            "plan",
            LesionPlan.deleteEach().build(NETWORK).toJson(),
            json -> List.of(LesionPlan.fromJson(json).toJson())),
        file(
            "report",
            REPORT.toJson(),
            json ->
                List.of(LesionReport.fromJson(json).toJson(), LesionReport.fromJson(json).toCsv())),
        file(
            "recipe",
            TrainingRecipe.paper().toJson(),
            json -> List.of(TrainingRecipe.fromJson(json).toJson())));
  }

  private static Arguments file(
      String name, String json, Function<String, List<String>> readAndWritten) {
    return arguments(name, json, readAndWritten);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jsons")
  void textsOfFilesAreRefusedOrMadeFitToBeShown(
      String name, String json, Function<String, List<String>> read) {
    for (String hostile : HostileText.all()) {
      List<String> changed = HostileText.withEachTextReplaced(json, hostile);
      assertThat(changed).hasSizeGreaterThan(2);
      changed.forEach(text -> HostileText.check(name, () -> read.apply(text)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-x", "@sum", " =1", "\t=1", "=cmd|' /C calc'!A0"})
  void noTextOfACsvFileIsAFormula(String formula) {
    String text = formula.replace("\t", " ");
    List<String> files =
        List.of(
            table("title", text, text).toCsv(),
            figure("t", "d", Axis.linear("x"), text).toCsv(),
            figure("t", "d", Axis.of("x", List.of(text)), "y").toCsv());
    for (String file : files) {
      assertThat(file).contains("'" + text.substring(0, 2));
      assertThat(file.lines().flatMap(line -> Stream.of(line.split(",", -1))))
          .noneMatch(cell -> cell.matches("\"?\\s*[=+@-].*"));
    }
  }

  @Test
  void ordinaryTextIsTakenAsItIs() {
    String words = "Naïve 学习, \"quotes\" & <b> – 100 % 😀 ".repeat(1000);
    assertThat(report(Kind.CHECKS, "Größe", words, words).sections().get(0).paragraphs())
        .containsExactly(words);
    assertThat(Report.builder().add("ResNet-110 «mein»", deleteEach()).build().toJson())
        .contains("ResNet-110 «mein»");
  }

  @Test
  void refusalsSayWhatAndWhere() {
    assertThatThrownBy(() -> Report.builder().add("a\u202eb", REPORT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the label of a network has the character U+202E, which cannot be shown: a?b");
    assertThatThrownBy(() -> BUILDER.commands(Kind.PATHS, "echo\nrm"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a text of the section PATHS has the character U+000A, which cannot be shown: echo?rm");
    assertThatThrownBy(() -> table("x".repeat(3000), "column", "cell"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a text of the table table has 3000 characters, more than 2000: "
                + "x".repeat(80)
                + "…");
  }

  @Test
  void noOutputSaysMinusZero() {
    Figure figure =
        new Figure(
            "figure",
            "title",
            "words",
            Axis.linear("x"),
            Axis.linear("y"),
            List.of(new Series("s", Mark.LINE, List.of(Point.of(-0.0, -0.0)))),
            List.of(new Level("l", -0.0)));
    ReportTable table =
        new ReportTable(
            "table", "t", List.of("c"), List.of(List.of(new Cell("0", OptionalDouble.of(-0.0)))));
    LesionPlan scaled = LesionPlan.of(Lesion.scale(1, -0.0)).build(NETWORK);
    assertThat(Lesion.scale(1, -0.0)).hasToString("scale{1=0.0}");
    assertThat(LesionPlan.fromJson(scaled.toJson().replace("0.0", "-0.0"))).isEqualTo(scaled);
    assertThat(
            Streams.concat(both(figure).stream(), both(table).stream(), Stream.of(scaled.toJson())))
        .noneMatch(text -> text.matches("(?s).*-0(\\.0*)?([^.\\d].*|$)"));
  }
}
