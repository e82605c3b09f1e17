package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Results as CSV, with the names of their JSON. Lists are separated by spaces. */
final class RowTables {
  private static final String REPORT =
      "lesion,k,draw,seed,deleted,order,kendallTau,wrong,total,errorRate,loss,"
          + "nonFinite,classTotals,classWrong,baselineWrong,baselineTotal,baselineLoss";

  private static final String RECALIBRATION =
      "lesion,k,draw,total,wrong,errorRate,loss,recalibratedWrong,"
          + "recalibratedErrorRate,recalibratedLoss,recovered,lost,won,pValue,holm,"
          + "benjaminiHochberg,baselineWrong,recalibratedBaselineWrong";

  private static final String BLOCK_VALUES =
      "block,shapley,low,high,banzhaf,banzhafLow,banzhafHigh,lowOverImages,highOverImages";

  private static final String SEQUENTIAL = "k,draws,distinct,listed,images,value,low,high";

  private static final String SEQUENTIAL_VALUES = "block,shapley,low,high";

  /** As the JSON has them. */
  private static final String METRICS = "metrics.";

  private RowTables() {}

  static String csv(LesionReport report) {
    boolean joined = report.rows().stream().anyMatch(row -> row.planned().plan().isPresent());
    LesionRow baseline = report.baseline();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (LesionRow row : report.rows()) {
      Map<String, Object> line = RecordMapping.values(row);
      line.put("baselineWrong", baseline.wrong());
      line.put("baselineTotal", baseline.total());
      line.put("baselineLoss", baseline.loss());
      line.put("skipped", row.skipped());
      line.put("baselineTop5Wrong", baseline.top5Wrong());
      row.metrics().forEach((name, mean) -> line.put(METRICS + name, mean));
      lines.add(line);
    }
    return Csv.table(
        REPORT
            + (anySkipped(report) ? ",skipped" : "")
            + (top5Known(report) ? ",top5Wrong,baselineTop5Wrong" : "")
            + baseline.metrics().keySet().stream()
                .map(name -> "," + METRICS + name)
                .collect(Collectors.joining())
            + (joined ? ",plan" : ""),
        lines);
  }

  /** Columns that say nothing of most results are there where they do. */
  private static boolean anySkipped(LesionReport report) {
    return report.baseline().skipped() > 0
        || report.rows().stream().anyMatch(row -> row.skipped() > 0);
  }

  private static boolean top5Known(LesionReport report) {
    return report.baseline().top5Wrong().isPresent()
        || report.rows().stream().anyMatch(row -> row.top5Wrong().isPresent());
  }

  static String csv(BlockValues values) {
    return Csv.table(BLOCK_VALUES, values.lines().stream().map(RecordMapping::values).toList());
  }

  static String csv(SequentialReport result) {
    return result.design().shapley()
        ? Csv.table(
            SEQUENTIAL_VALUES, result.valueLines().stream().map(RecordMapping::values).toList())
        : Csv.table(SEQUENTIAL, result.lines().stream().map(RecordMapping::values).toList());
  }

  static String csv(Recalibration result) {
    List<Comparison> comparisons = comparisons(result);
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int i = 0; i < comparisons.size(); i++) {
      LesionRow other = result.recalibrated().get(i);
      Map<String, Object> line = RecordMapping.values(result.report().rows().get(i));
      line.putAll(RecordMapping.values(comparisons.get(i)));
      line.put("recalibratedWrong", other.wrong());
      line.put("recalibratedErrorRate", other.errorRate());
      line.put("recalibratedLoss", other.loss());
      line.put("baselineWrong", result.report().baseline().wrong());
      line.put("recalibratedBaselineWrong", result.recalibratedBaseline().wrong());
      line.put("skipped", other.skipped());
      line.put("recalibratedTop5Wrong", other.top5Wrong());
      lines.add(line);
    }
    return Csv.table(
        RECALIBRATION
            + (anySkipped(result.report()) ? ",skipped" : "")
            + (top5Known(result.report()) ? ",top5Wrong,recalibratedTop5Wrong" : ""),
        lines);
  }

  /** How a lesion did with the new statistics, against the trained ones. */
  @JsonForm(fields = "lesion recovered *test")
  record Comparison(OptionalDouble recovered, PairedTest test) {
    String lesion() {
      return test.planned().lesion().toString();
    }
  }

  static List<Comparison> comparisons(Recalibration result) {
    List<PairedTest> tests = result.pairedTests();
    List<OptionalDouble> recovered = result.recovered();
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      comparisons.add(new Comparison(recovered.get(i), tests.get(i)));
    }
    return comparisons;
  }
}
