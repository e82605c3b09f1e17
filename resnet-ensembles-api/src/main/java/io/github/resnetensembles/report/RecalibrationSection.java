package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.descriptive.Median;

/** BatchNorm's statistics estimated anew after a lesion. */
final class RecalibrationSection {
  private RecalibrationSection() {}

  static void write(Networks networks, Draft draft) {
    List<Of<Recalibration>> all = networks.results(Recalibration.class);
    for (int i = 0; i < all.size(); i++) {
      String label = all.get(i).label();
      Recalibration recalibration = all.get(i).result();
      draft.say(finding(label, recalibration));
      draft.say(details(recalibration));
      draft.add(figure(Published.numbered("recalibration", i + 1), label, recalibration));
      draft.add(table(Published.numbered("recalibration-rows", i + 1), label, recalibration));
    }
  }

  private static Estimate errorRate(LesionRow row) {
    return NetworkResults.errorRate(row.wrong(), row.total());
  }

  private static double median(List<LesionRow> rows) {
    return Median.withDefaults()
        .evaluate(rows.stream().mapToDouble(LesionRow::errorRate).toArray());
  }

  private static String finding(String label, Recalibration recalibration) {
    List<LesionRow> trained = recalibration.report().rows();
    double[] shares =
        recalibration.recovered().stream().flatMapToDouble(OptionalDouble::stream).toArray();
    return "%s: with BatchNorm's statistics as trained the median error of %s is %s, with statistics estimated anew in the lesioned network %s. "
            .formatted(
                label,
                Say.count(trained.size(), "lesion"),
                Say.percent(median(trained)),
                Say.percent(median(recalibration.recalibrated())))
        + (shares.length == 0
            ? "No lesion does significant harm, so that there is nothing to undo."
            : "Of the %s that do significant harm, the median share that it undoes is %s."
                .formatted(
                    Say.count(shares.length, "lesion"),
                    Say.percent(Median.withDefaults().evaluate(shares))));
  }

  private static String details(Recalibration recalibration) {
    long better =
        recalibration.pairedTests().stream()
            .filter(test -> test.holm() < DeleteOneSection.SIGNIFICANCE && test.won() > test.lost())
            .count();
    return ("%s significantly better for new statistics (McNemar's exact test, Holm's adjustment, 5"
                + " %%). ")
            .formatted(Say.count((int) better, "lesion") + (better == 1 ? " is" : " are"))
        + "Intact, the error is "
        + Say.percent(errorRate(recalibration.report().baseline()))
        + " and with new statistics "
        + Say.percent(errorRate(recalibration.recalibratedBaseline()))
        + ". What estimating anew takes away is damage by shifted statistics, and not by what the"
        + " lesioned blocks computed. The statistics come from "
        + recalibration.calibration()
        + " in batches of "
        + recalibration.batchSize()
        + ".";
  }

  private static Figure figure(String name, String label, Recalibration recalibration) {
    List<LesionRow> trained = recalibration.report().rows();
    List<LesionRow> anew = recalibration.recalibrated();
    boolean byBlock = Study.DELETE_ONE.fits(trained) || Study.DELETE_ONE_SKIP.fits(trained);
    boolean everyBlock =
        byBlock && trained.size() == recalibration.provenance().architecture().size();
    // Of some blocks alone a line would say something of those between.
    Mark mark = everyBlock ? Mark.LINE : Mark.POINTS;
    List<Series> series =
        List.of(
            new Series("as trained", mark, points(trained, byBlock)),
            new Series("estimated anew", mark, points(anew, byBlock)));
    return new Figure(
        name,
        "Statistics as trained and estimated anew: " + label,
        ("Error of each lesion with BatchNorm's statistics as trained: %s; estimated"
                + " anew: %s.")
            .formatted(range(trained), range(anew)),
        byBlock
            ? Axis.linear("deleted block")
            : Axis.of("lesion", trained.stream().map(row -> row.lesion().toString()).toList()),
        Points.errorAxis(),
        series,
        List.of(
            Points.chance(recalibration.provenance()),
            Points.intact("as trained", recalibration.report().baseline().errorRate()),
            Points.intact("estimated anew", recalibration.recalibratedBaseline().errorRate())));
  }

  private static String range(List<LesionRow> rows) {
    var errors = rows.stream().mapToDouble(LesionRow::errorRate).summaryStatistics();
    return "median %s, from %s to %s"
        .formatted(
            Say.percent(median(rows)), Say.percent(errors.getMin()), Say.percent(errors.getMax()));
  }

  private static List<Point> points(List<LesionRow> rows, boolean byBlock) {
    List<Point> points = new ArrayList<>();
    for (LesionRow row : rows) {
      points.add(
          Points.percent(
              byBlock ? SingleDeletions.block(row.lesion()) : points.size() + 1, errorRate(row)));
    }
    return points;
  }

  private static ReportTable table(String name, String label, Recalibration recalibration) {
    List<List<Cell>> rows = new ArrayList<>();
    List<Cell> intact =
        row("intact", recalibration.report().baseline(), recalibration.recalibratedBaseline());
    intact.addAll(Collections.nCopies(5, Cells.NONE));
    rows.add(intact);
    List<PairedTest> tests = recalibration.pairedTests();
    for (int i = 0; i < tests.size(); i++) {
      LesionRow trained = recalibration.report().rows().get(i);
      List<Cell> row =
          row(trained.lesion().toString(), trained, recalibration.recalibrated().get(i));
      row.add(Cells.integer(tests.get(i).lost()));
      row.add(Cells.integer(tests.get(i).won()));
      row.add(Cells.probability(tests.get(i).pValue()));
      row.add(Cells.probability(tests.get(i).holm()));
      row.add(Cells.percent(recalibration.recovered().get(i).orElse(Double.NaN)));
      rows.add(row);
    }
    return new ReportTable(
        name,
        label + ": each lesion with both statistics",
        List.of(
            "lesion",
            "as trained (%)",
            "low",
            "high",
            "anew (%)",
            "anew low",
            "anew high",
            "difference (points)",
            "lost",
            "won",
            "p (McNemar)",
            "p (Holm)",
            "damage undone (%)"),
        rows);
  }

  private static List<Cell> row(String lesion, LesionRow trained, LesionRow anew) {
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(lesion));
    row.addAll(Cells.percents(errorRate(trained)));
    row.addAll(Cells.percents(errorRate(anew)));
    row.add(Cells.points(anew.errorRate() - trained.errorRate()));
    return row;
  }
}
