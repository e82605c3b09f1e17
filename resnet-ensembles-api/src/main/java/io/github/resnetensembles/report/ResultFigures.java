package io.github.resnetensembles.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportBuilder.Entry;
import io.github.resnetensembles.result.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The figures of results that stand alone, without a report around them. */
final class ResultFigures {
  /** More lesions are points over their numbers. */
  private static final int MAX_NAMED_LESIONS = 24;

  /** The one figure of a result that is not about its images. */
  private static final String PATHS = "gradient-path-lengths";

  private ResultFigures() {}

  static List<Figure> of(List<Entry> entries) {
    ReportBuilder.requireResults(entries);
    List<Of<Result>> results = labelled(entries);
    Networks networks = networks(results);
    List<Figure> figures = new ArrayList<>();
    figures.addAll(DeleteOneSection.figures(networks));
    curve(networks, Optional.of(Study.DELETE_MANY), DeleteManySection::figure)
        .ifPresent(figures::add);
    ReorderSection.figure(networks).ifPresent(figures::add);
    curve(networks, Optional.of(Study.DUPLICATE), DuplicateSection::figure).ifPresent(figures::add);
    curve(networks, Optional.empty(), ResultFigures::randomChanges).ifPresent(figures::add);
    SequentialFigure.of(networks).ifPresent(figures::add);
    SequentialFigure.shapley(networks).ifPresent(figures::add);
    figures.addAll(listed(results));
    figures.addAll(MetricFigures.of(results));
    figures.addAll(classes(networks.results(Evaluation.class)));
    Draft draft = new Draft();
    NetworkSection.writeTrainings(networks, draft);
    GradientsSection.write(networks, draft);
    BlockValuesSection.write(networks, draft);
    EnsembleSection.write(networks, draft);
    RecalibrationSection.write(networks, draft);
    figures.addAll(draft.figures());
    if (figures.isEmpty()) {
      throw new InvalidInputException("nothing to draw: a verification has no figure");
    }
    return titled(figures, entries);
  }

  static List<Figure> of(PathGradients gradients, double mass) {
    List<Entry> entries = List.of(new Entry(Optional.empty(), gradients));
    return titled(
        GradientsSection.figures(
            networks(labelled(entries)).results(PathGradients.class),
            GradientsSection.effective(gradients, mass)),
        entries);
  }

  /** Results of one kind have labels of their own. */
  private static List<Of<Result>> labelled(List<Entry> entries) {
    Labels labels = Labels.of(entries);
    Set<String> taken = new HashSet<>();
    List<Of<Result>> labelled = new ArrayList<>();
    for (Entry entry : entries) {
      Result result = entry.result();
      boolean untrained = !result.provenance().trained();
      String label =
          labels.label(entry) + (untrained && entry.label().isEmpty() ? " (untrained)" : "");
      ResultKind.requireContent(label, result);
      String kind =
          result instanceof LesionReport report
              ? Study.find(report) + " " + report.excluded()
              : ResultKind.fileName(result);
      String distinct = label;
      for (int i = 2; !taken.add(kind + " " + distinct); i++) {
        distinct = label + " [" + i + "]";
      }
      labelled.add(new Of<>(new NetworkResults(distinct, List.of(result)), result));
    }
    return labelled;
  }

  private static Networks networks(List<Of<Result>> results) {
    Map<String, List<Result>> byLabel =
        results.stream()
            .filter(of -> !isListed(of.result()))
            .collect(groupingBy(Of::label, LinkedHashMap::new, mapping(Of::result, toList())));
    return new Networks(
        byLabel.entrySet().stream()
            .map(network -> new NetworkResults(network.getKey(), network.getValue()))
            .toList());
  }

  /** Whether a report's rows stand side by side, since they are no curve. */
  private static boolean isListed(Result result) {
    if (!(result instanceof LesionReport report)) {
      return false;
    }
    List<LesionRow> rows = report.rows();
    Optional<Study> study = Study.find(report);
    boolean byCount =
        study.isEmpty()
            || study.equals(Optional.of(Study.DELETE_MANY))
            || study.equals(Optional.of(Study.DUPLICATE));
    return rows.size() == 1
        || (byCount
            && !isDrawn(report)
            && (study.isEmpty() || rows.stream().map(Study::damage).distinct().count() == 1));
  }

  private static boolean isDrawn(LesionReport report) {
    return report.rows().stream().allMatch(row -> row.planned().k().isPresent());
  }

  /** Empty where no report is of the study; no study stands for random changes of other kinds. */
  private static Optional<Figure> curve(
      Networks networks, Optional<Study> study, Function<List<DamageCurve>, Figure> figure) {
    List<DamageCurve> curves =
        networks.results(LesionReport.class).stream()
            .filter(of -> Study.find(of.result()).equals(study))
            .map(of -> DamageCurve.of(of, false))
            .toList();
    return curves.isEmpty() ? Optional.empty() : Optional.of(figure.apply(curves));
  }

  private static Figure randomChanges(List<DamageCurve> curves) {
    return DamageCurve.figure(
        "random-changes", "Error after random changes", "random changes", curves);
  }

  /** Reports of the same lesions share a figure. */
  private static List<Figure> listed(List<Of<Result>> results) {
    Map<List<String>, List<Of<Result>>> byLesions =
        results.stream()
            .filter(of -> isListed(of.result()))
            .collect(
                groupingBy(
                    of -> lesions((LesionReport) of.result()), LinkedHashMap::new, toList()));
    List<Figure> figures = new ArrayList<>();
    byLesions.forEach(
        (lesions, same) ->
            figures.add(lesions(Published.numbered("lesions", figures.size() + 1), lesions, same)));
    return figures;
  }

  private static List<String> lesions(LesionReport report) {
    return report.rows().stream().map(row -> row.lesion().toString()).toList();
  }

  private static Figure lesions(String name, List<String> lesions, List<Of<Result>> reports) {
    boolean named = lesions.size() <= MAX_NAMED_LESIONS;
    List<Series> series = new ArrayList<>();
    List<Level> levels = new ArrayList<>();
    for (Of<Result> of : reports) {
      LesionReport report = (LesionReport) of.result();
      List<LesionRow> rows =
          Stream.concat(
                  named ? Stream.of(report.baseline()) : Stream.empty(), report.rows().stream())
              .toList();
      series.add(
          new Series(
              of.label(),
              named ? Mark.BARS : Mark.POINTS,
              IntStream.range(0, rows.size())
                  .mapToObj(i -> Points.percent(i + 1, SingleDeletions.errorRate(rows.get(i))))
                  .toList()));
      levels.add(Points.intact(of.label(), report.baseline().errorRate()));
    }
    List<String> names = new ArrayList<>(List.of("intact"));
    names.addAll(lesions);
    return new Figure(
        name,
        "Error by lesion",
        "%s of the error with each lesion, with 95 %% intervals. %s"
            .formatted(
                named ? "Bars" : "Points",
                String.join(" ", series.stream().map(ResultFigures::range).toList())),
        named
            ? Axis.of("lesion", names.stream().map(Names::shorten).toList())
            : Axis.linear("lesion (row of the plan)"),
        Points.errorAxis(),
        series,
        levels);
  }

  private static String range(Series series) {
    var errors = series.points().stream().mapToDouble(Point::y).summaryStatistics();
    return "%s: from %s to %s %%."
        .formatted(series.label(), Say.number(errors.getMin()), Say.number(errors.getMax()));
  }

  /** Evaluations of other classes have other axes. */
  private static List<Figure> classes(List<Of<Evaluation>> evaluations) {
    Map<Integer, List<Of<Evaluation>>> byClasses =
        evaluations.stream()
            .collect(
                groupingBy(
                    of -> of.result().row().classTotals().size(), LinkedHashMap::new, toList()));
    List<Figure> figures = new ArrayList<>();
    for (List<Of<Evaluation>> same : byClasses.values()) {
      List<Series> series = same.stream().map(ResultFigures::classes).toList();
      figures.add(
          new Figure(
              Published.numbered("classes", figures.size() + 1),
              "Error by class",
              "Bars of the error of each class, with 95 % intervals. "
                  + String.join(" ", series.stream().map(ResultFigures::range).toList()),
              Axis.linear("class (number)"),
              Points.errorAxis(),
              series,
              same.stream()
                  .map(
                      of -> new Level(of.label() + ", all", Say.toPercent(of.result().errorRate())))
                  .toList()));
    }
    return figures;
  }

  /** Without the classes that have no image. */
  private static Series classes(Of<Evaluation> of) {
    List<Integer> totals = of.result().row().classTotals();
    List<Integer> wrong = of.result().row().classWrong();
    return new Series(
        of.label(),
        Mark.BARS,
        IntStream.range(0, totals.size())
            .filter(i -> totals.get(i) > 0)
            .mapToObj(i -> Points.percent(i, NetworkResults.errorRate(wrong.get(i), totals.get(i))))
            .toList());
  }

  /** Says in each title on what images, if they are the same for all results. */
  private static List<Figure> titled(List<Figure> figures, List<Entry> entries) {
    List<Result> results = entries.stream().map(Entry::result).toList();
    List<String> images = results.stream().map(ResultFigures::images).distinct().toList();
    boolean partial =
        results.stream()
            .anyMatch(result -> result instanceof LesionReport report && !report.complete());
    String more = (images.size() == 1 ? images.get(0) : "") + (partial ? " (incomplete)" : "");
    return figures.stream()
        .map(
            figure ->
                new Figure(
                    figure.name(),
                    figure.title() + (figure.name().equals(PATHS) ? "" : more),
                    figure.description(),
                    figure.x(),
                    figure.y(),
                    figure.series(),
                    figure.levels()))
        .toList();
  }

  private static String images(Result result) {
    int count = ResultKind.images(result);
    return count == 0
        ? ""
        : ": " + Names.shorten(result.provenance().data()) + ", " + Say.count(count, "image");
  }
}
