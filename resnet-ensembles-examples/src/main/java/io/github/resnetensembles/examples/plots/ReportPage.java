package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.report.Claim;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A report as one HTML page that needs nothing else: no network, no server, no scripts but for
 * sorting tables. It reads on screens of any width, light or dark, and on paper.
 */
public final class ReportPage {
  private final Report report;

  private ReportPage(Report report) {
    this.report = report;
  }

  /**
   * A page of a report.
   *
   * @param report what it shows
   * @return the page
   */
  public static ReportPage of(Report report) {
    return new ReportPage(report);
  }

  /**
   * Writes the report's data ({@link Report#writeTo}), each figure as {@code NAME.svg}, and last
   * the page, {@code report.html}, which links to them. Reports of equal content give pages of
   * equal bytes: machine facts such as times are in the results' own files only.
   *
   * @param folder where; it is created
   * @throws FileAccessException if it cannot be written
   */
  public void writeTo(Path folder) {
    report.writeTo(folder);
    for (Figure figure : report.figures()) {
      FigurePlot.write(folder.resolve(figure.name() + ".svg"), figure);
    }
    if (report.sections().stream().anyMatch(ReportPage::unravels)) {
      ResultFiles.write(folder.resolve(PathDiagram.NAME + ".svg"), PathDiagram.file());
    }
    ResultFiles.write(folder.resolve("report.html"), html());
  }

  String html() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(ReportPage.class, "");
    configuration.setDefaultEncoding(UTF_8.name());
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLocale(Locale.ROOT);
    configuration.setLogTemplateExceptions(false);
    StringWriter page = new StringWriter();
    try {
      configuration.getTemplate("report.ftlh").process(model(), page);
    } catch (IOException | TemplateException e) {
      throw new IllegalStateException("the page's template does not fit the report", e);
    }
    return page.toString();
  }

  private Map<String, Object> model() {
    return Map.of(
        "title",
        report.title(),
        "css",
        resource("report.css"),
        "script",
        tablesort() + "\n" + resource("report.js"),
        "claims",
        report.claims().stream().map(ReportPage::claim).toList(),
        "data",
        report.results().stream()
            .limit(1)
            .map(result -> result.result().provenance().data())
            .toList(),
        "headline",
        report.headline().stream().map(figure -> figure(figure, FigureSize.BESIDE)).toList(),
        "sections",
        report.sections().stream().map(this::section).toList(),
        "results",
        report.results().stream()
            .map(result -> Map.of("label", result.label(), "file", result.name() + ".json"))
            .toList(),
        "origins",
        origins());
  }

  private static Map<String, Object> claim(Claim claim) {
    return Map.of(
        "section",
        id(claim.section()),
        "statement",
        claim.statement(),
        "finding",
        claim.finding(),
        "authors",
        claim.authors(),
        "verdict",
        claim.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  private static String id(ReportSection.Kind kind) {
    return "section-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Map<String, Object> section(ReportSection section) {
    return Map.of(
        "id",
        id(section.kind()),
        "title",
        section.title(),
        "folded",
        section.kind() == ReportSection.Kind.NETWORK,
        "claims",
        report.claims().stream()
            .filter(claim -> claim.section() == section.kind())
            .map(ReportPage::claim)
            .toList(),
        "paragraphs",
        section.paragraphs(),
        "figures",
        section.figures().stream().map(figure -> figure(figure, FigureSize.WIDE)).toList(),
        "diagrams",
        unravels(section) ? List.of(diagram()) : List.of(),
        "tables",
        section.tables().stream().map(ReportPage::table).toList(),
        "commands",
        section.commands());
  }

  private static Map<String, Object> figure(Figure figure, FigureSize wide) {
    return Map.of(
        "name",
        figure.name(),
        "title",
        figure.title(),
        "wide",
        drawn(figure, wide, "wide"),
        "narrow",
        drawn(figure, FigureSize.NARROW, "narrow"));
  }

  /** Whether a section says what paths are. */
  private static boolean unravels(ReportSection section) {
    return section.kind() == ReportSection.Kind.PATHS;
  }

  private static Map<String, Object> diagram() {
    return Map.of(
        "name",
        PathDiagram.NAME,
        "title",
        PathDiagram.TITLE,
        "wide",
        PathDiagram.element(true, PathDiagram.NAME + "-wide"),
        "narrow",
        PathDiagram.element(false, PathDiagram.NAME + "-narrow"));
  }

  private static String drawn(Figure figure, FigureSize size, String kind) {
    return FigureDrawing.element(figure, size, figure.name() + "-" + kind);
  }

  private static Map<String, Object> table(ReportTable table) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      int column = i;
      boolean numeric = table.rows().stream().anyMatch(row -> row.get(column).number().isPresent());
      columns.add(Map.of("label", table.columns().get(i), "numeric", numeric));
    }
    return Map.of(
        "name",
        table.name(),
        "title",
        table.title(),
        "columns",
        columns,
        "rows",
        table.rows().stream().map(row -> row.stream().map(ReportPage::cell).toList()).toList());
  }

  private static Map<String, Object> cell(Cell cell) {
    return cell.number().isPresent()
        ? Map.of("text", cell.text(), "sort", Double.toString(cell.number().getAsDouble()))
        : Map.of("text", cell.text());
  }

  /** Results of one origin together. */
  private List<Map<String, Object>> origins() {
    Map<List<Map<String, String>>, List<String>> origins = new LinkedHashMap<>();
    for (LabelledResult labelled : report.results()) {
      origins
          .computeIfAbsent(facts(labelled.result().provenance()), facts -> new ArrayList<>())
          .add(labelled.name());
    }
    return origins.entrySet().stream()
        .map(
            origin ->
                Map.<String, Object>of("results", origin.getValue(), "facts", origin.getKey()))
        .toList();
  }

  private static List<Map<String, String>> facts(Provenance provenance) {
    List<Map<String, String>> facts = new ArrayList<>();
    facts.add(
        fact(
            "network",
            provenance.architecture().name() + (provenance.trained() ? "" : " (untrained)")));
    facts.add(fact("values of the weights, SHA-256", provenance.weightsSha256()));
    facts.add(fact("data", provenance.data()));
    facts.add(fact("data, SHA-256", provenance.dataSha256()));
    facts.add(fact("precision", provenance.precision().name().toLowerCase(Locale.ROOT)));
    provenance
        .flips()
        .ifPresent(
            flips ->
                facts.add(
                    fact("predictions changed by the precision", Integer.toString(flips.size()))));
    facts.add(fact("batch size", Integer.toString(provenance.batchSize())));
    provenance.runs().stream()
        .map(
            run ->
                "resnet-ensembles %s, %s, %s"
                    .formatted(run.libraryVersion(), run.backend(), run.engine()))
        .distinct()
        .forEach(software -> facts.add(fact("software", software)));
    return facts;
  }

  private static Map<String, String> fact(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  /** The script lies in a folder named after its version. */
  private static String tablesort() {
    Properties properties = new Properties();
    try (InputStream in = stream("/META-INF/maven/org.webjars.npm/tablesort/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return resource(
        "/META-INF/resources/webjars/tablesort/%s/dist/tablesort.min.js"
            .formatted(properties.getProperty("version")));
  }

  private static String resource(String name) {
    try (InputStream in = stream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream stream(String name) {
    InputStream in = ReportPage.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("the resource " + name + " is not on the class path");
    }
    return in;
  }
}
