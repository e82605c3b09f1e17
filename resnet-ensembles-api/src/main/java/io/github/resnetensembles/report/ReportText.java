package io.github.resnetensembles.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reports as JSON and as files. */
final class ReportText {
  private static final String FILE = "report";
  private static final String CLAIMS = "claims";
  private static final int SCHEMA = 1;

  private ReportText() {}

  /** Refuses two things of one name, whose files would overwrite each other. */
  static void check(
      List<Figure> headline, List<ReportSection> sections, List<LabelledResult> results) {
    Set<String> taken = new HashSet<>(Set.of(FILE, CLAIMS));
    headline.forEach(figure -> take(taken, "a figure", figure.name()));
    for (ReportSection section : sections) {
      section.figures().forEach(figure -> take(taken, "a figure", figure.name()));
      section.tables().forEach(table -> take(taken, "a table", table.name()));
    }
    for (LabelledResult result : results) {
      Text.checkName("a result", result.name());
      take(taken, "a result", result.name());
    }
  }

  static void checkNetwork(String label) {
    Text.checkShown("the label of a network", label, Text.MAX_NETWORK);
  }

  static void checkTitle(String title) {
    Text.checkShown("the title of a report", title, Text.MAX_LABEL);
  }

  static void checkSection(
      ReportSection.Kind kind, String title, List<String> paragraphs, List<String> commands) {
    Text.checkLabels(name(kind), title);
    Text.checkWords(name(kind), paragraphs);
    Text.checkWords(name(kind), commands);
  }

  static String name(ReportSection.Kind kind) {
    return "the section " + kind;
  }

  private static void take(Set<String> taken, String what, String name) {
    if (!taken.add(name)) {
      throw new InvalidInputException(
          ("%s has the name '%s', which is taken in this report; files are named after"
                  + " it, so give another")
              .formatted(what, name));
    }
  }

  static String json(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("kind", FILE);
    json.addProperty("title", report.title());
    JsonArray claims = new JsonArray();
    report.claims().forEach(claim -> claims.add(JsonNode.tree(Claim.class, claim)));
    json.add(CLAIMS, claims);
    JsonArray headline = new JsonArray();
    report.headline().forEach(figure -> headline.add(JsonNode.tree(Figure.class, figure)));
    json.add("headline", headline);
    JsonArray sections = new JsonArray();
    report.sections().forEach(section -> sections.add(JsonNode.tree(ReportSection.class, section)));
    json.add("sections", sections);
    JsonArray results = new JsonArray();
    for (LabelledResult labelled : report.results()) {
      JsonObject result = new JsonObject();
      result.addProperty("label", labelled.label());
      result.addProperty("name", labelled.name());
      add(result, labelled.result().provenance());
      results.add(result);
    }
    json.add("results", results);
    return JsonNode.write(json);
  }

  /** What is the same on every machine. */
  private static void add(JsonObject json, Provenance provenance) {
    json.addProperty("architecture", provenance.architecture().name());
    json.addProperty("weightsSha256", provenance.weightsSha256());
    json.addProperty("trained", provenance.trained());
    json.addProperty("data", provenance.data());
    json.addProperty("dataSha256", provenance.dataSha256());
    json.addProperty("precision", provenance.precision().name());
    json.addProperty("batchSize", provenance.batchSize());
    provenance.wiringsAtOnce().ifPresent(wirings -> json.addProperty("wiringsAtOnce", wirings));
  }

  static void write(Report report, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new FileAccessException(
          "cannot create the folder " + Names.path(folder) + ": " + FileNames.reason(e), e);
    }
    for (Figure figure : report.figures()) {
      write(folder, figure.name(), figure.toJson(), figure.toCsv());
    }
    for (ReportSection section : report.sections()) {
      for (ReportTable table : section.tables()) {
        write(folder, table.name(), table.toJson(), table.toCsv());
      }
    }
    AtomicFiles.write(folder.resolve(CLAIMS + ".csv"), csv(report.claims()));
    for (LabelledResult result : report.results()) {
      result.result().writeJson(folder.resolve(result.name() + ".json"));
    }
    // Last, so that a report.json never names a file that is not there yet.
    AtomicFiles.write(folder.resolve(FILE + ".json"), report.toJson());
  }

  private static String csv(List<Claim> claims) {
    List<List<String>> rows = new ArrayList<>();
    for (Claim claim : claims) {
      rows.add(
          List.of(
              claim.kind().name().toLowerCase(Locale.ROOT),
              claim.statement(),
              claim.verdict().name().toLowerCase(Locale.ROOT),
              number(claim.measured().map(Estimate::value)),
              number(claim.measured().map(estimate -> estimate.interval().low())),
              number(claim.measured().map(estimate -> estimate.interval().high())),
              claim.finding(),
              claim.authors()));
    }
    return Csv.write(
        List.of("claim", "statement", "verdict", "measured", "low", "high", "finding", "authors"),
        rows);
  }

  private static String number(Optional<Double> value) {
    return value.map(Text::number).orElse("");
  }

  private static void write(Path folder, String name, String json, String csv) {
    AtomicFiles.write(folder.resolve(name + ".json"), json);
    AtomicFiles.write(folder.resolve(name + ".csv"), csv);
  }
}
