package io.github.resnetensembles.report;

import java.util.ArrayList;
import java.util.List;

/** A section that is being written. */
final class Draft {
  private final List<String> paragraphs = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<ReportTable> tables = new ArrayList<>();

  void say(String paragraph) {
    paragraphs.add(paragraph);
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  void add(ReportTable table) {
    tables.add(table);
  }

  List<Figure> figures() {
    return figures;
  }

  boolean isEmpty() {
    return paragraphs.isEmpty() && figures.isEmpty() && tables.isEmpty();
  }

  ReportSection section(
      ReportSection.Kind kind, String title, List<String> notes, List<String> commands) {
    List<String> all = new ArrayList<>(paragraphs);
    all.addAll(notes);
    return new ReportSection(kind, title, all, figures, tables, commands);
  }
}
