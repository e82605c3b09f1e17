package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Csv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Lesion reports as CSV. Lists are separated by spaces; what a row does not have is empty. */
final class LesionReportCsv {
  private static final List<String> COLUMNS =
      List.of(
          "lesion",
          "k",
          "draw",
          "seed",
          "deleted",
          "order",
          "kendallTau",
          "wrong",
          "total",
          "errorRate",
          "loss",
          "nonFinite",
          "classTotals",
          "classWrong",
          "baselineWrong",
          "baselineTotal",
          "baselineLoss");

  private static final String PLAN = "plan";

  private LesionReportCsv() {}

  static String write(LesionReport report) {
    LesionRow baseline = report.baseline();
    boolean joined = report.rows().stream().anyMatch(row -> row.planned().plan().isPresent());
    List<String> columns = new ArrayList<>(COLUMNS);
    if (joined) {
      columns.add(PLAN);
    }
    List<List<Object>> lines = new ArrayList<>();
    for (LesionRow row : report.rows()) {
      boolean reordered = row.kendallTau().isPresent();
      List<Object> cells =
          new ArrayList<>(
              Arrays.asList(
                  row.lesion(),
                  row.planned().k(),
                  row.planned().draw(),
                  row.planned().seed(),
                  list(LesionReportJson.deleted(row.lesion())),
                  reordered ? list(row.order()) : "",
                  row.kendallTau(),
                  row.wrong(),
                  row.total(),
                  row.errorRate(),
                  row.loss(),
                  row.nonFinite(),
                  list(row.classTotals()),
                  list(row.classWrong()),
                  baseline.wrong(),
                  baseline.total(),
                  baseline.loss()));
      if (joined) {
        cells.add(row.planned().plan());
      }
      lines.add(cells);
    }
    return Csv.write(columns, lines);
  }

  private static String list(Collection<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
