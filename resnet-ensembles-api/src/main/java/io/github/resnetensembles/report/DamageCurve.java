package io.github.resnetensembles.report;

import com.google.common.base.Joiner;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * The error of a study by how many blocks or pairs it damages.
 *
 * @param label of the network, with the blocks that were left alone
 * @param report the study
 * @param points ascending
 */
record DamageCurve(String label, LesionReport report, List<Mean> points) implements LabelledStudy {
  /**
   * The mean over the rows of one count.
   *
   * @param distinct how many different lesions these rows are, or orders of the blocks
   * @param interval where enough different rows were drawn, or there is but one
   */
  record Mean(
      int count, int distinct, List<Double> errors, double errorRate, Optional<Interval> interval) {
    double median() {
      return Median.withDefaults().evaluate(errors.stream().mapToDouble(error -> error).toArray());
    }

    @Override
    public String toString() {
      return Say.percent(errorRate)
          + interval.map(ends -> " " + Say.percent(ends)).orElse("")
          + " at "
          + count;
    }
  }

  static List<DamageCurve> all(Networks networks, Study study) {
    return networks.studies(study).map(of -> of(of, true)).toList();
  }

  /**
   * The curve of one report.
   *
   * @param strict refuses where intervals cannot be had, rather than being without
   */
  static DamageCurve of(Of<LesionReport> of, boolean strict) {
    LesionReport report = of.result();
    String label = label(of.label(), report);
    SortedMap<Integer, List<LesionRow>> rows = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      rows.computeIfAbsent(Study.damage(row), count -> new ArrayList<>()).add(row);
    }
    boolean drawn = report.rows().stream().allMatch(row -> row.planned().k().isPresent());
    List<CurvePoint> curve = drawn ? curve(of, strict) : List.of();
    List<Mean> points = new ArrayList<>();
    rows.forEach(
        (count, same) -> {
          List<Double> errors = same.stream().map(LesionRow::errorRate).toList();
          double mean = mean(errors);
          Optional<Interval> interval = Optional.empty();
          if (!curve.isEmpty()) {
            mean = curve.get(points.size()).errorRate().value();
            interval = curve.get(points.size()).interval();
          } else if (same.size() == 1) {
            interval = Optional.of(SingleDeletions.errorRate(same.get(0)).interval());
          }
          points.add(new Mean(count, distinct(same), errors, mean, interval));
        });
    return new DamageCurve(label, report, List.copyOf(points));
  }

  /** A network, and what random lesions left alone of it. */
  static String label(String network, LesionReport report) {
    return report.excluded().isEmpty()
        ? network
        : "%s (blocks %s left alone)".formatted(network, Joiner.on('+').join(report.excluded()));
  }

  private static List<CurvePoint> curve(Of<LesionReport> of, boolean strict) {
    try {
      return of.result().statistics().curve();
    } catch (InvalidInputException e) {
      if (strict) {
        throw ResultKind.nothing(of.label(), of.result(), e);
      }
      return List.of();
    }
  }

  /** How many different lesions rows are, or orders where they reorder blocks. */
  static int distinct(List<LesionRow> rows) {
    return (int)
        rows.stream()
            .map(row -> row.kendallTau().isPresent() ? row.order() : row.lesion())
            .distinct()
            .count();
  }

  private static double mean(List<Double> errors) {
    return errors.stream().mapToDouble(error -> error).average().orElseThrow();
  }

  /** The points, and before them that of no damage. */
  private List<Mean> fromIntact() {
    Interval interval = SingleDeletions.errorRate(report.baseline()).interval();
    Mean none = new Mean(0, 1, List.of(intact()), intact(), Optional.of(interval));
    return Stream.concat(Stream.of(none), points.stream()).toList();
  }

  Mean first() {
    return points.get(0);
  }

  Mean last() {
    return points.get(points.size() - 1);
  }

  double intact() {
    return report.baseline().errorRate();
  }

  /** The error rate of guessing. */
  double chance() {
    return NetworkResults.chance(report.provenance());
  }

  /**
   * The counts whose mean error is that of chance, within its interval; where it has none, within
   * that of one network with this error.
   */
  List<Integer> atChance() {
    int images = report.baseline().total();
    return points.stream()
        .filter(
            mean ->
                mean.interval()
                        .orElseGet(
                            () ->
                                NetworkResults.errorRate(
                                        (int) Math.round(mean.errorRate() * images), images)
                                    .interval())
                        .high()
                    >= chance())
        .map(Mean::count)
        .toList();
  }

  Series series() {
    return new Series(
        label,
        Mark.LINE,
        points.stream()
            .map(
                mean ->
                    new Point(
                        mean.count(),
                        Say.toPercent(mean.errorRate()),
                        mean.interval().map(Points::percent)))
            .toList());
  }

  /** The correlation with the damage; empty where there are too few rows or nothing varies. */
  static Optional<Estimate> rankCorrelation(LesionReport report) {
    try {
      return Optional.of(report.statistics().rankCorrelation(RankCorrelation.SPEARMAN));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  /** What was found, the counts being of a noun such as "blocks deleted". */
  String finding(String noun) {
    return "%s: the mean error is %s%s %s; intact it is "
            .formatted(label, first(), points.size() == 1 ? "" : " and " + last(), noun)
        + Say.percent(
            NetworkResults.errorRate(report.baseline().wrong(), report.baseline().total()))
        + "."
        + rankCorrelation(report)
            .map(
                rho ->
                    " Spearman's rank correlation of error and damage is " + Say.number(rho) + ".")
            .orElse("");
  }

  static Figure figure(String name, String title, String noun, List<DamageCurve> curves) {
    List<Series> series = curves.stream().map(DamageCurve::series).toList();
    return new Figure(
        name,
        title,
        "Lines of the mean error over the number of %s, with 95 %% intervals. ".formatted(noun)
            + String.join(
                " ",
                curves.stream()
                    .map(
                        curve ->
                            "%s: from %s to %s; intact %s."
                                .formatted(
                                    curve.label(),
                                    curve.first(),
                                    curve.last(),
                                    Say.percent(curve.intact())))
                    .toList()),
        Axis.linear("number of " + noun),
        Points.errorAxis(),
        series,
        Points.intact(curves));
  }

  /**
   * Every draw, where there are some of each count.
   *
   * @param beside what is drawn beside them
   */
  static Optional<Figure> draws(
      String name, String title, String noun, List<DamageCurve> curves, List<Series> beside) {
    List<DamageCurve> drawn =
        curves.stream()
            .filter(curve -> curve.points().stream().anyMatch(mean -> mean.errors().size() > 1))
            .toList();
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    List<Series> series = new ArrayList<>(drawn.stream().map(DamageCurve::boxes).toList());
    drawn.stream()
        .flatMap(curve -> Published.medians(curve).stream())
        .limit(1)
        .forEach(series::add);
    series.addAll(beside);
    return Optional.of(
        new Figure(
            name,
            title,
            "Boxes of the errors of single draws over the number of %s. ".formatted(noun)
                + Points.boxes(drawn),
            Axis.linear("number of " + noun),
            Points.errorAxis(),
            series,
            Points.intact(drawn)));
  }

  private Series boxes() {
    return new Series(
        label,
        Mark.BOXES,
        points.stream()
            .flatMap(
                mean -> mean.errors().stream().map(error -> Points.percent(mean.count(), error)))
            .toList());
  }

  static ReportTable table(String name, String title, String noun, List<DamageCurve> curves) {
    List<List<Cell>> rows = new ArrayList<>();
    for (DamageCurve curve : curves) {
      for (Mean mean : curve.fromIntact()) {
        List<Cell> row = new ArrayList<>();
        row.add(Cells.words(curve.label()));
        row.add(Cells.integer(mean.count()));
        row.add(Cells.integer(mean.errors().size()));
        row.add(Cells.integer(mean.distinct()));
        row.addAll(Cells.percents(mean.errorRate(), mean.interval()));
        row.add(Cells.percent(mean.median()));
        rows.add(row);
      }
    }
    return new ReportTable(
        name,
        title,
        List.of(
            "network",
            noun,
            "draws",
            "distinct",
            "mean error (%)",
            "low",
            "high",
            "median error (%)"),
        rows);
  }
}
