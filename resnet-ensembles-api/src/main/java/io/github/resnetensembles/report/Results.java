package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.TrainingResult;
import java.util.Optional;

/** What all kinds of results have in common. */
final class Results {
  private Results() {}

  /** Where a result comes from; verifications do not know. */
  static Optional<Provenance> provenance(Result result) {
    if (result instanceof Evaluation evaluation) {
      return Optional.of(evaluation.provenance());
    }
    if (result instanceof TrainingResult training) {
      return Optional.of(training.provenance());
    }
    if (result instanceof PathGradients gradients) {
      return Optional.of(gradients.provenance());
    }
    return lesions(result).map(LesionReport::provenance);
  }

  /** The lesion of the view that was studied. */
  static Lesion base(Result result) {
    if (result instanceof PathGradients gradients) {
      return gradients.view();
    }
    return lesions(result).map(LesionReport::base).orElse(Lesion.intact());
  }

  /** How many images a result is about; 0 where it does not know. */
  static int images(Result result) {
    if (result instanceof PathGradients gradients) {
      return gradients.batches().stream().mapToInt(BatchGradients::images).sum();
    }
    return result instanceof Evaluation evaluation
        ? evaluation.total()
        : lesions(result).map(report -> report.baseline().total()).orElse(0);
  }

  /** The rows that a result has or was computed from. */
  private static Optional<LesionReport> lesions(Result result) {
    if (result instanceof LesionReport report) {
      return Optional.of(report);
    }
    if (result instanceof BlockValues values) {
      return Optional.of(values.report());
    }
    if (result instanceof EnsembleAnalysis ensemble) {
      return Optional.of(ensemble.members());
    }
    if (result instanceof Recalibration recalibration) {
      return Optional.of(recalibration.report());
    }
    return Optional.empty();
  }

  /** What files are called after a result. */
  static String fileName(Result result) {
    if (result instanceof LesionReport report) {
      return Study.of(report).fileName;
    }
    return kind(result).replace(' ', '-');
  }

  private static String kind(Result result) {
    if (result instanceof LesionReport) {
      return "lesion report";
    }
    if (result instanceof BlockValues) {
      return "block values";
    }
    if (result instanceof EnsembleAnalysis) {
      return "ensemble analysis";
    }
    if (result instanceof Recalibration) {
      return "recalibration";
    }
    if (result instanceof Evaluation) {
      return "evaluation";
    }
    if (result instanceof TrainingResult) {
      return "training";
    }
    if (result instanceof PathGradients) {
      return "gradients";
    }
    return "verification";
  }

  /** Refuses a result that has nothing to show. */
  static void check(String label, Result result) {
    try {
      check(result);
    } catch (InvalidInputException e) {
      throw nothing(label, result, e);
    }
  }

  /** Refuses a result that has nothing to draw. */
  static void requireContent(String label, Result result) {
    try {
      requireContent(result);
    } catch (InvalidInputException e) {
      throw nothing(label, result, e);
    }
  }

  /** Names the result that a complaint is about. */
  static InvalidInputException nothing(
      String label, Result result, InvalidInputException complaint) {
    return new InvalidInputException(
        "nothing can be reported of the "
            + kind(result)
            + " of "
            + label
            + ": "
            + complaint.getMessage(),
        complaint);
  }

  private static void check(Result result) {
    requireContent(result);
    // Statistics refuse what says nothing: no row, one image, one class, rows on different images.
    lesions(result)
        .ifPresent(
            report -> {
              LesionStatistics unused = report.statistics();
            });
    if (result instanceof LesionReport report) {
      Object unused = Study.of(report);
    } else if (result instanceof Evaluation evaluation) {
      checkImages(evaluation.row());
    } else if (result instanceof TrainingResult training) {
      requireImages(training.last().total());
    } else if (result instanceof PathGradients gradients) {
      requireImages(images(gradients));
    }
  }

  private static void requireContent(Result result) {
    if (result instanceof LesionReport report) {
      require(
          !report.rows().isEmpty(),
          "the report has no rows, so there is nothing to compute; run at least one lesion");
    } else if (result instanceof BlockValues values) {
      require(!values.blocks().isEmpty(), "it has no block");
    } else if (result instanceof TrainingResult training) {
      require(!training.epochs().isEmpty(), "it has no epoch; train at least one");
    } else if (result instanceof PathGradients gradients) {
      require(
          !gradients.lengths().isEmpty(),
          "a single path was measured; measure exact sums or sampled paths");
    } else if (result instanceof Verification verification) {
      require(!verification.checks().isEmpty(), "it made no check");
    }
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
