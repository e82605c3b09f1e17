package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.List;

/** Gradients by path length as CSV; what was not measured is empty. */
final class PathGradientsCsv {
  private static final List<String> COLUMNS =
      List.of(
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
          "high");

  private PathGradientsCsv() {}

  static String write(PathGradients gradients) {
    List<List<Object>> lines = new ArrayList<>();
    for (LengthGradient row : gradients.lengths()) {
      lines.add(
          List.of(
              row.length(),
              row.paths(),
              row.pathSumNorm(),
              row.share(),
              row.meanPathNorm(),
              row.rmsPathNorm(),
              row.cancellation(),
              row.imageNorm(),
              row.weight(),
              row.interval().<Object>map(Interval::low).orElse(""),
              row.interval().<Object>map(Interval::high).orElse("")));
    }
    return Csv.write(COLUMNS, lines);
  }
}
