package io.github.resnetensembles.report;

import com.google.common.collect.Maps;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What reports and their readers know of a kind of results. A new kind has a line here.
 *
 * @param type of the result
 * @param words what readers call it
 * @param base the lesion of the view that was studied
 * @param intact the row of the network without further damage, if there is one
 * @param images how many images it is about; 0 where it does not know
 * @param content refuses one that has nothing to draw
 * @param check refuses one that has something to draw and nothing to report
 */
record ResultKind<R extends Result>(
    Class<R> type,
    String words,
    Function<R, Lesion> base,
    Function<R, Optional<LesionRow>> intact,
    ToIntFunction<R> images,
    Consumer<R> content,
    Consumer<R> check) {
  private static final Map<String, ResultKind<?>> BY_NAME =
      Maps.uniqueIndex(
          List.of(
              new ResultKind<>(
                  LesionReport.class,
                  "lesion report",
                  LesionReport::base,
                  report -> Optional.of(report.baseline()),
                  report -> report.baseline().total(),
                  report ->
                      require(
                          !report.rows().isEmpty(),
                          "the report has no rows, so there is nothing to compute; run at least"
                              + " one lesion"),
                  report -> {
                    checkRows(report);
                    Study unused = Study.of(report);
                  }),
              ofRows(
                  BlockValues.class,
                  "block values",
                  BlockValues::report,
                  values -> require(!values.blocks().isEmpty(), "it has no block")),
              new ResultKind<>(
                  SequentialReport.class,
                  "sequential report",
                  result -> result.report().base(),
                  result -> Optional.of(result.report().baseline()),
                  result -> result.report().baseline().total(),
                  result ->
                      require(
                          !result.points().isEmpty(),
                          "it was interrupted before anything had an interval; go on with it first"),
                  result -> {}),
              ofRows(
                  EnsembleAnalysis.class,
                  "ensemble analysis",
                  EnsembleAnalysis::members,
                  ensemble -> {}),
              ofRows(
                  Recalibration.class, "recalibration", Recalibration::report, recalibration -> {}),
              new ResultKind<>(
                  Evaluation.class,
                  "evaluation",
                  evaluation -> Lesion.intact(),
                  evaluation ->
                      Optional.of(evaluation.row())
                          .filter(row -> row.lesion() instanceof Lesion.Intact),
                  Evaluation::total,
                  evaluation -> {},
                  evaluation -> checkImages(evaluation.row())),
              new ResultKind<>(
                  TrainingHistory.class,
                  "training",
                  training -> Lesion.intact(),
                  training -> Optional.empty(),
                  training -> 0,
                  training ->
                      require(!training.epochs().isEmpty(), "it has no epoch; train at least one"),
                  training -> requireImages(training.last().total())),
              new ResultKind<>(
                  TrainingSeries.class,
                  "series of trainings",
                  series -> Lesion.intact(),
                  series -> Optional.empty(),
                  series -> 0,
                  series -> {},
                  series -> {}),
              new ResultKind<>(
                  PathGradients.class,
                  "gradients",
                  PathGradients::view,
                  gradients -> Optional.empty(),
                  ResultKind::imagesOf,
                  gradients ->
                      require(
                          !gradients.lengths().isEmpty(),
                          "a single path was measured; measure exact sums or sampled paths"),
                  gradients -> requireImages(imagesOf(gradients))),
              new ResultKind<>(
                  Verification.class,
                  "verification",
                  verification -> Lesion.intact(),
                  verification -> Optional.empty(),
                  verification -> 0,
                  verification -> require(!verification.checks().isEmpty(), "it made no check"),
                  verification -> {})),
          kind -> JsonMappings.kind(kind.type()));

  /** A kind that is computed from the rows of a report. */
  private static <R extends Result> ResultKind<R> ofRows(
      Class<R> type, String words, Function<R, LesionReport> rows, Consumer<R> content) {
    return new ResultKind<>(
        type,
        words,
        result -> rows.apply(result).base(),
        result -> Optional.empty(),
        result -> rows.apply(result).baseline().total(),
        content,
        result -> checkRows(rows.apply(result)));
  }

  private static int imagesOf(PathGradients gradients) {
    return gradients.batches().stream().mapToInt(BatchGradients::images).sum();
  }

  static Result read(Path file) {
    try {
      return read(Files.readString(file), Names.path(file));
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  /** Reads a result; {@code what} names it in errors. */
  static Result read(String text, String what) {
    JsonNode node = JsonNode.parse(text, what);
    // Trainings of older versions do not say what they are.
    return node.find("kind").isEmpty() && node.has("recipe")
        ? node.as(TrainingHistory.class)
        : node.as(node.get("kind").oneOf(BY_NAME).type());
  }

  @SuppressWarnings("unchecked") // A result's kind is of its class.
  private static <R extends Result> ResultKind<R> of(R result) {
    ResultKind<?> kind = BY_NAME.get(result.kind());
    if (kind == null) {
      throw new IllegalStateException("no kind of results: " + result.kind());
    }
    return (ResultKind<R>) kind;
  }

  /** The lesion of the view that was studied. */
  static Lesion base(Result result) {
    return of(result).base().apply(result);
  }

  /** The row of the network without further damage, if a result has one. */
  static Optional<LesionRow> intactRow(Result result) {
    return of(result).intact().apply(result);
  }

  /** What files are called after a result. */
  static String fileName(Result result) {
    return result instanceof LesionReport report
        ? Study.of(report).fileName
        : of(result).words().replace(' ', '-');
  }

  /** How many images a result is about; 0 where it does not know. */
  static int images(Result result) {
    return of(result).images().applyAsInt(result);
  }

  /** Refuses a result that has nothing to show. */
  static void check(String label, Result result) {
    refusing(label, result, kind -> kind.content().andThen(kind.check()).accept(result));
  }

  /** Refuses a result that has nothing to draw. */
  static void requireContent(String label, Result result) {
    refusing(label, result, kind -> kind.content().accept(result));
  }

  private static void refusing(String label, Result result, Consumer<ResultKind<Result>> refusal) {
    try {
      refusal.accept(of(result));
    } catch (InvalidInputException e) {
      throw nothing(label, result, e);
    }
  }

  /** Names the result that a complaint is about. */
  static InvalidInputException nothing(
      String label, Result result, InvalidInputException complaint) {
    return new InvalidInputException(
        "nothing can be reported of the %s of %s: %s"
            .formatted(of(result).words(), label, complaint.getMessage()),
        complaint);
  }

  /** Statistics refuse what says nothing: no row, one image, one class, rows on other images. */
  private static void checkRows(LesionReport report) {
    LesionStatistics unused = report.statistics();
  }

  private static void checkImages(LesionRow row) {
    requireImages(row.total());
    require(
        row.classTotals().stream().filter(count -> count > 0).count() >= 2,
        ("all %s images are of one class, whose error rate says nothing of the"
                + " network; evaluate images of at least 2 classes")
            .formatted(row.total()));
  }

  private static void requireImages(int images) {
    require(
        images >= 2,
        "it covers %s, but there must be at least 2; evaluate more"
            .formatted(images == 1 ? "one image" : "no image"));
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new InvalidInputException(complaint);
    }
  }
}
