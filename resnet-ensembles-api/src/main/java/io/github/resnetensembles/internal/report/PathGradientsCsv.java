package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.Interval;
import io.github.resnetensembles.LengthGradient;
import io.github.resnetensembles.PathGradients;
import java.io.IOException;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Gradients by path length as CSV; what was not measured is empty. */
public final class PathGradientsCsv {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setRecordSeparator('\n')
          .setHeader(
              "length",
              "paths",
              "pathSumNorm",
              "share",
              "meanPathNorm",
              "rmsPathNorm",
              "cancellation",
              "imageNorm",
              "weight",
              "low",
              "high")
          .get();

  private PathGradientsCsv() {}

  public static String write(PathGradients gradients) {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      for (LengthGradient row : gradients.lengths()) {
        printer.printRecord(
            row.length(),
            row.paths(),
            optional(row.pathSumNorm()),
            optional(row.share()),
            optional(row.meanPathNorm()),
            optional(row.rmsPathNorm()),
            optional(row.cancellation()),
            optional(row.imageNorm()),
            row.weight(),
            row.interval().map(Interval::low).map(String::valueOf).orElse(""),
            row.interval().map(Interval::high).map(String::valueOf).orElse(""));
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static String optional(OptionalDouble value) {
    return value.isPresent() ? String.valueOf(value.getAsDouble()) : "";
  }
}
