package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Provenance.Run;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ReportPageTest {
  private static final String PAPER = "https://arxiv.org/abs/1605.06431";

  private static final String HOSTILE = "<script>alert(\"x\")</script> & 'it' </style> ${1 + 1}";
  private static final String HARMLESS =
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;it&#39; &lt;/style&gt; ${1 + 1}";

  private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

  /** Drawing takes seconds, so one page serves most tests. */
  @TempDir private static Path full;

  private static String html;

  @TempDir Path folder;

  @BeforeAll
  static void draw() throws Exception {
    ReportPage.of(PageReports.full()).writeTo(full.resolve("new"));
    html = Files.readString(full.resolve("new/report.html"));
  }

  @Test
  void writesThePageWithItsDataAndFigures() throws Exception {
    try (Stream<Path> files = Files.list(full.resolve("new"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(
              "report.html",
              "report.json",
              "delete-each.svg",
              "delete-each.csv",
              "delete-each.json",
              "delete-each-tests.csv",
              "delete-each-tests.json",
              "resnet-20-delete-each.json");
    }
    assertThat(html)
        .contains("<title>Residual networks taken apart: resnet-20</title>")
        .contains("<a href=\"#section-delete-one\">Deleting one block</a>")
        .contains("<h2 id=\"section-delete-one-heading\">Deleting one block</h2>")
        .contains(
            "href=\"delete-each.csv\"", "href=\"delete-each.json\"", "href=\"delete-each.svg\"")
        .contains("href=\"delete-each-tests.csv\"", "href=\"delete-each-tests.json\"")
        .contains("<pre><code>java -jar resnet-ensembles.jar lesion --weights")
        .contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .contains("@media print", "prefers-color-scheme: dark");
  }

  @Test
  void everyLinkOfThePageLeadsSomewhere() throws Exception {
    for (String link : all(Pattern.compile("href=\"([^\"]*)\""), html)) {
      if (link.startsWith("#")) {
        assertThat(html).contains(" id=\"" + link.substring(1) + "\"");
      } else if (!link.equals(PAPER)) {
        assertThat(full.resolve("new").resolve(link)).exists();
      }
    }
  }

  @Test
  void figuresAreWellFormedNamedAndDescribed() throws Exception {
    List<String> drawings = SVG.matcher(html).results().map(MatchResult::group).toList();
    assertThat(drawings).hasSize(2 * 10);
    for (String drawing : drawings) {
      Document svg = parse(drawing);
      assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
      assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
      assertThat(all(Pattern.compile("(?:fill|stroke)=\"([^\"]*)\""), drawing))
          .isNotEmpty()
          .allMatch(color -> color.matches("none|var\\(--c-[0-9a-f]{6},#[0-9a-f]{6}\\)"));
    }
    assertThat(drawings.get(2))
        .contains("aria-labelledby=\"path-lengths-wide-title path-lengths-wide-description\"")
        .contains("<title id=\"path-lengths-wide-title\">How many paths there are of each length<")
        .contains("<desc id=\"path-lengths-wide-description\">Bars that rise from length 0");
  }

  @Test
  void everyColourHasOneForDarkScreens() {
    String dark = html.substring(html.indexOf("prefers-color-scheme: dark"));
    List<String> sameInBoth = List.of("56b4e9", "cc79a7", "3a87bd", "009e73");

    assertThat(all(Pattern.compile("var\\(--c-([0-9a-f]{6}),"), html))
        .isNotEmpty()
        .allMatch(color -> dark.contains("--c-" + color + ":") || sameInBoth.contains(color));
  }

  @Test
  void idsAreUniqueInThePage() {
    assertThat(all(ID, html)).doesNotHaveDuplicates();
  }

  @Test
  void lettersOfFiguresAreText() throws Exception {
    assertThat(texts(PageReports.deletions()))
        .contains("deleted block (number)", "top-1 error (%)", "resnet-20, intact", "0", "9", "90");
    assertThat(texts(PageReports.trainings()))
        .contains("all paths", "stochastic depth", "seed 1", "mean")
        .anyMatch(text -> text.matches("effective paths \\(.*…"));
    assertThat(texts(PageReports.norms())).contains("10⁻⁷", "0.01", "1").doesNotContain("-7");
    assertThat(texts(PageReports.deletions())).doesNotContain("1.5");
  }

  @Test
  void textsAreEscaped() throws Exception {
    Figure figure =
        new Figure(
            "hostile",
            HOSTILE,
            HOSTILE,
            Axis.of(HOSTILE, List.of(HOSTILE, HOSTILE, " ")),
            Axis.linear(HOSTILE),
            List.of(PageReports.series(HOSTILE, Mark.BARS, 1, 3, x -> x)),
            List.of(new Level(HOSTILE, 2)));
    ReportTable table =
        new ReportTable("table", HOSTILE, List.of(HOSTILE), List.of(List.of(Cell.of(HOSTILE))));
    ReportSection section =
        new ReportSection(
            Kind.NETWORK,
            HOSTILE,
            List.of(HOSTILE),
            List.of(figure),
            List.of(table),
            List.of(HOSTILE));

    String page =
        ReportPage.of(new Report(HOSTILE, List.of(), List.of(), List.of(section), List.of()))
            .html();

    assertThat(page).doesNotContain("<script>alert").contains("<h1>" + HARMLESS + "</h1>");
    assertThat(page.split(Pattern.quote(HARMLESS), -1)).hasSizeGreaterThan(8);
    assertThat(page.split("<script>", -1)).hasSize(2);
    assertThat(page.split("</style>", -1)).hasSize(2);
    for (MatchResult drawing : SVG.matcher(page).results().toList()) {
      assertThat(parse(drawing.group()).getElementsByTagName("desc").item(0).getTextContent())
          .isEqualTo(HOSTILE);
    }
  }

  @Test
  void nothingIsLoaded() {
    assertThat(html).doesNotContain(" src=", "<link", "@import", "xlink:href");
    assertThat(all(Pattern.compile("(https?://[^\\s\"]*)"), html).stream().distinct())
        .as("the paper, the namespace of SVG, and tablesort's home in its licence's comment")
        .containsExactlyInAnyOrder(
            PAPER, "http://www.w3.org/2000/svg", "http://tristen.ca/tablesort/demo/");
    assertThat(Pattern.compile("url\\((?!#)").matcher(html).find()).isFalse();
    assertThat(html).contains("content=\"default-src 'none'; style-src 'unsafe-inline'");
  }

  @Test
  void machineFactsLeaveThePageAlone() {
    Run here =
        Run.builder()
            .libraryVersion("0.1.0")
            .backend("djl")
            .engine("PyTorch 2.7.1")
            .device("cpu")
            .threads(2)
            .java("17")
            .system("Linux x86-64")
            .seconds(61.5)
            .blockEvaluations(7)
            .build();
    Run there =
        here.toBuilder()
            .device("gpu")
            .threads(8)
            .java("25")
            .system("Mac aarch64")
            .seconds(3.25)
            .blockEvaluations(9)
            .build();

    String page = ReportPage.of(PageReports.of(here)).html();

    assertThat(page).isEqualTo(ReportPage.of(PageReports.of(there)).html());
    assertThat(page)
        .contains("<dd>resnet-ensembles 0.1.0, djl, PyTorch 2.7.1</dd>")
        .contains("<dd>" + "a".repeat(64) + "</dd>", "<dd>" + "b".repeat(64) + "</dd>")
        .contains("<dt>batch size</dt><dd>50</dd>", "<dt>precision</dt><dd>float32</dd>")
        .doesNotContain("61.5", "Linux");
  }

  @Test
  void sameReportSameBytes() throws Exception {
    ReportPage.of(PageReports.full()).writeTo(folder);

    for (String file : List.of("report.html", "delete-each.svg", "trainings.svg")) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(full.resolve("new").resolve(file));
    }
  }

  @Test
  void sectionsMayBeWithoutFiguresAndTables() {
    String page =
        ReportPage.of(PageReports.report(PageReports.section(Kind.CHECKS, "Checks", List.of())))
            .html();

    assertThat(page).contains("<h2 id=\"section-checks-heading\">Checks</h2>");
    assertThat(page).doesNotContain("<figure", "<table", "How to do it again");
  }

  @Test
  void columnsOfNumbersSortByTheirValues() {
    assertThat(html)
        .contains("<th scope=\"col\" data-sort-method=\"words\"><button type=\"button\">lesion<")
        .contains(
            "<th scope=\"col\" class=\"number\" data-sort-method=\"value\"><button"
                + " type=\"button\">error (%)<")
        .contains("<td class=\"number\" data-sort=\"1.0E-8\">1e-08</td>")
        .contains("<td class=\"number\">-</td>");
  }

  @Test
  void figuresAreDrawnIntoFiles() throws Exception {
    FigurePlot.write(folder.resolve("figure.png"), PageReports.many());
    FigurePlot.write(folder.resolve("figure.svg"), PageReports.many());

    assertThat(Files.size(folder.resolve("figure.png"))).isGreaterThan(5000);
    assertThat(Files.readString(folder.resolve("figure.svg")))
        .startsWith("<svg")
        .contains(">Error after deleting k random blocks</text>");
    assertThatThrownBy(() -> FigurePlot.write(folder.resolve("figure.gif"), PageReports.many()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("a plot is a .png or .svg file, got");
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "taken");

    assertThatThrownBy(() -> ReportPage.of(PageReports.full()).writeTo(file))
        .isInstanceOf(FileAccessException.class)
        .hasMessageStartingWith("cannot create the folder");
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static List<String> texts(Figure figure) throws Exception {
    NodeList elements = parse(FigureDrawing.file(List.of(figure))).getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      texts.add(elements.item(i).getTextContent());
    }
    return texts;
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
