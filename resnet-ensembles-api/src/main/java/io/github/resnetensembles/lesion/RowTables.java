package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.RecordMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

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

  private RowTables() {}

  static String csv(LesionReport report) {
    boolean joined = report.rows().stream().anyMatch(row -> row.planned().plan().isPresent());
    List<Map<String, Object>> lines = new ArrayList<>();
    for (LesionRow row : report.rows()) {
      Map<String, Object> line = RecordMapping.values(row);
      line.put("baselineWrong", report.baseline().wrong());
      line.put("baselineTotal", report.baseline().total());
      line.put("baselineLoss", report.baseline().loss());
      lines.add(line);
    }
    return Csv.table(joined ? REPORT + ",plan" : REPORT, lines);
  }

  static String csv(BlockValues values) {
    return Csv.table(BLOCK_VALUES, values.lines().stream().map(RecordMapping::values).toList());
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
      lines.add(line);
    }
    return Csv.table(RECALIBRATION, lines);
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
