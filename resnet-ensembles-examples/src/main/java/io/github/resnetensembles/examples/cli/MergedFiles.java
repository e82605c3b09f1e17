package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.result.TableResult;
import io.github.resnetensembles.training.TrainingSeries;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Results in files, of one of the kinds that can be merged. */
final class MergedFiles {
  private MergedFiles() {}

  static TableResult merge(List<Path> files, MergeOption... options) {
    List<Result> results = new ArrayList<>();
    for (Path file : files) {
      Result result = InputFiles.result(file);
      if (!results.isEmpty() && !result.kind().equals(results.get(0).kind())) {
        throw new InvalidInputException(
            "%s has a %s, but %s a %s; merge files of one kind"
                .formatted(files.get(0), results.get(0).kind(), file, result.kind()));
      }
      results.add(result);
    }
    Result first = results.get(0);
    if (first instanceof LesionReport) {
      return LesionReport.merge(of(LesionReport.class, results), options);
    }
    if (first instanceof PathGradients) {
      return PathGradients.merge(of(PathGradients.class, results), options);
    }
    if (first instanceof Recalibration) {
      return Recalibration.merge(of(Recalibration.class, results), options);
    }
    if (first instanceof TrainingSeries) {
      return TrainingSeries.merge(of(TrainingSeries.class, results), options);
    }
    if (first instanceof SequentialReport) {
      return SequentialReport.merge(of(SequentialReport.class, results), options);
    }
    throw new InvalidInputException(
        ("%s has a %s, which cannot be merged; give results of lesions, gradients, recalibrations or"
                + " series of trainings")
            .formatted(files.get(0), first.kind()));
  }

  private static <R extends Result> List<R> of(Class<R> kind, List<Result> results) {
    return results.stream().map(kind::cast).toList();
  }

  /** What is missing of a whole, in words; nothing if it is complete. */
  static List<String> missing(TableResult merged) {
    if (merged instanceof PathGradients gradients) {
      return gradients.missing();
    }
    if (merged instanceof TrainingSeries series) {
      return series.missing();
    }
    if (merged instanceof SequentialReport sequence) {
      return sequence.complete()
          ? List.of()
          : List.of(
              "draws of its rounds, or further rounds; %s --resume goes on"
                  .formatted(sequence.design().shapley() ? "shapley" : "lesion"));
    }
    return merged instanceof Recalibration recalibration
        ? recalibration.report().missing()
        : ((LesionReport) merged).missing();
  }

  static void print(TableResult merged, PrintWriter out) {
    if (merged instanceof LesionReport report) {
      ResultText.print(report, out);
    } else if (merged instanceof PathGradients gradients) {
      GradientText.print(gradients, PathGradients.DEFAULT_MASS, out);
    } else if (merged instanceof Recalibration recalibration) {
      ResultText.print(recalibration, out);
    } else if (merged instanceof TrainingSeries series) {
      ResultText.print(series, out);
    } else if (merged instanceof SequentialReport sequence) {
      ResultText.print(sequence, out);
    }
  }
}
