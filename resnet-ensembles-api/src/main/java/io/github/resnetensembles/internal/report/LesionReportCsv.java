package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Lesion reports as CSV. Lists are separated by spaces; what a row does not have is empty. */
public final class LesionReportCsv {
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

  public static String write(LesionReport report) {
    StringBuilder text = new StringBuilder();
    LesionRow baseline = report.baseline();
    boolean joined = report.rows().stream().anyMatch(row -> row.planned().plan().isPresent());
    List<String> columns = new ArrayList<>(COLUMNS);
    if (joined) {
      columns.add(PLAN);
    }
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(columns.toArray(String[]::new))
            .get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      for (LesionRow row : report.rows()) {
        boolean reordered = row.kendallTau().isPresent();
        List<Object> cells =
            new ArrayList<>(
                Arrays.asList(
                    row.lesion(),
                    optional(row.planned().k()),
                    optional(row.planned().draw()),
                    row.planned().seed().isPresent() ? row.planned().seed().getAsLong() : "",
                    list(LesionReportJson.deleted(row.lesion())),
                    reordered ? list(row.order()) : "",
                    optional(row.kendallTau()),
                    row.wrong(),
                    row.total(),
                    row.errorRate(),
                    optional(row.loss()),
                    row.nonFinite(),
                    list(row.classTotals()),
                    list(row.classWrong()),
                    baseline.wrong(),
                    baseline.total(),
                    optional(baseline.loss())));
        if (joined) {
          cells.add(optional(row.planned().plan()));
        }
        printer.printRecord(cells);
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  public static String optional(OptionalInt value) {
    return value.isPresent() ? String.valueOf(value.getAsInt()) : "";
  }

  public static String optional(OptionalDouble value) {
    return value.isPresent() ? String.valueOf(value.getAsDouble()) : "";
  }

  private static String list(Collection<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
