package io.github.resnetensembles.report;

import com.google.common.collect.Maps;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
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
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What reports and their readers know of a kind of results. A new kind has a line here.
 *
 * @param type of the result
 * @param words what readers call it
 * @param base the lesion of the view that was studied
 * @param intact the row of the network without further damage, if there is one
 * @param check refuses one that has nothing to show
 */
record ResultKind<R extends Result>(
    Class<R> type,
    String words,
    Function<R, Lesion> base,
    Function<R, Optional<LesionRow>> intact,
    Consumer<R> check) {
  private static final Map<String, ResultKind<?>> BY_NAME =
      Maps.uniqueIndex(
          List.of(
              new ResultKind<>(
                  LesionReport.class,
                  "lesion report",
                  LesionReport::base,
                  report -> Optional.of(report.baseline()),
                  report -> {
                    checkRows(report);
                    Study unused = Study.of(report);
                  }),
              new ResultKind<>(
                  BlockValues.class,
                  "block values",
                  values -> values.report().base(),
                  values -> Optional.empty(),
                  values -> checkRows(values.report())),
              new ResultKind<>(
                  EnsembleAnalysis.class,
                  "ensemble analysis",
                  ensemble -> ensemble.members().base(),
                  ensemble -> Optional.empty(),
                  ensemble -> checkRows(ensemble.members())),
              new ResultKind<>(
                  Recalibration.class,
                  "recalibration",
                  recalibration -> recalibration.report().base(),
                  recalibration -> Optional.empty(),
                  recalibration -> checkRows(recalibration.report())),
              new ResultKind<>(
                  Evaluation.class,
                  "evaluation",
                  evaluation -> Lesion.intact(),
                  evaluation ->
                      Optional.of(evaluation.row())
                          .filter(row -> row.lesion() instanceof Lesion.Intact),
                  evaluation -> checkImages(evaluation.row())),
              new ResultKind<>(
                  TrainingHistory.class,
                  "training",
                  training -> Lesion.intact(),
                  training -> Optional.empty(),
                  training -> requireImages(training.last().total())),
              new ResultKind<>(
                  PathGradients.class,
                  "gradients",
                  PathGradients::view,
                  gradients -> Optional.empty(),
                  ResultKind::checkLengths),
              new ResultKind<>(
                  Verification.class,
                  "verification",
                  verification -> Lesion.intact(),
                  verification -> Optional.empty(),
                  verification -> require(!verification.checks().isEmpty(), "it made no check"))),
          kind -> JsonMappings.kind(kind.type()));

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

  /** Refuses a result that has nothing to show. */
  static void check(String label, Result result) {
    try {
      of(result).check().accept(result);
    } catch (InvalidInputException e) {
      throw nothing(label, result, e);
    }
  }

  /** Names the result that a complaint is about. */
  static InvalidInputException nothing(
      String label, Result result, InvalidInputException complaint) {
    return new InvalidInputException(
        "nothing can be reported of the "
            + of(result).words()
            + " of "
            + label
            + ": "
            + complaint.getMessage(),
        complaint);
  }

  /** Statistics refuse what says nothing: no row, one image, one class, rows on other images. */
  private static void checkRows(LesionReport report) {
    LesionStatistics unused = report.statistics();
  }

  private static void checkLengths(PathGradients gradients) {
    require(
        !gradients.lengths().isEmpty(),
        "a single path was measured; measure exact sums or sampled paths");
    requireImages(gradients.batches().stream().mapToInt(batch -> batch.images()).sum());
  }

  private static void checkImages(LesionRow row) {
    requireImages(row.total());
    require(
        row.classTotals().stream().filter(count -> count > 0).count() >= 2,
        "all "
            + row.total()
            + " images are of one class, whose error rate says nothing of the network; evaluate"
            + " images of at least 2 classes");
  }

  private static void requireImages(int images) {
    require(
        images >= 2,
        "it covers "
            + (images == 1 ? "one image" : "no image")
            + ", but there must be at least 2; evaluate more");
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new InvalidInputException(complaint);
    }
  }
}
