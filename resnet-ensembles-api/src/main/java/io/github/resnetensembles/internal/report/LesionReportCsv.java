package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import java.io.IOException;
import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Lesion reports as CSV. Lists are separated by spaces; what a row does not have is empty. */
public final class LesionReportCsv {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setRecordSeparator('\n')
          .setHeader(
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
              "baselineLoss")
          .get();

  private LesionReportCsv() {}

  public static String write(LesionReport report) {
    StringBuilder text = new StringBuilder();
    LesionRow baseline = report.baseline();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      for (LesionRow row : report.rows()) {
        boolean reordered = row.kendallTau().isPresent();
        printer.printRecord(
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
            optional(baseline.loss()));
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
