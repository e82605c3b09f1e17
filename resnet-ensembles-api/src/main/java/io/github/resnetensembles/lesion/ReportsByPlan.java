package io.github.resnetensembles.lesion;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** The results of joined plans, each on its own. */
final class ReportsByPlan {
  private ReportsByPlan() {}

  static List<LesionReport> of(LesionReport report) {
    SortedMap<Integer, List<LesionRow>> rowsByPlan = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      OptionalInt plan = row.planned().plan();
      if (plan.isEmpty()) {
        return List.of(report);
      }
      rowsByPlan
          .computeIfAbsent(plan.getAsInt(), number -> new ArrayList<>())
          .add(
              new LesionRow(row.planned().inPlan(OptionalInt.empty()), row.order(), row.tallies()));
    }
    return rowsByPlan.isEmpty()
        ? List.of(report)
        : rowsByPlan.values().stream().map(rows -> part(report, rows)).toList();
  }

  private static LesionReport part(LesionReport report, List<LesionRow> rows) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        rows,
        report.excluded(),
        StudyCost.of(report.provenance().architecture(), report.base(), report.baseline(), rows),
        report.records(),
        report.provenance());
  }
}
