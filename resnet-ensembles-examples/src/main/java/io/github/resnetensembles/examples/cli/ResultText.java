package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.report.PublishedComparison;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingSeries;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results for people to read: one line for each row, the same for the same inputs and seed. */
final class ResultText {
  private static final int MAX_LESION_WIDTH = 40;

  private ResultText() {}

  static void print(Evaluation evaluation, PrintWriter out) {
    printSource(evaluation.provenance(), out);
    boolean intact = evaluation.row().lesion().equals(Lesion.intact());
    out.println((intact ? "" : evaluation.row().lesion() + "  ") + numbers(evaluation.row()));
  }

  static void print(LesionReport report, PrintWriter out) {
    printSource(report.provenance(), out);
    printExcluded(report, out);
    if (!report.complete()) {
      out.println("incomplete, missing: " + String.join("; ", report.missing()));
    }
    int width =
        Stream.concat(Stream.of(report.baseline()), report.rows().stream())
            .mapToInt(row -> row.lesion().toString().length())
            .max()
            .orElse(0);
    width = Math.min(width, MAX_LESION_WIDTH);
    printRow(report.baseline(), width, out);
    OptionalInt plan = OptionalInt.empty();
    for (LesionRow row : report.rows()) {
      if (!row.planned().plan().equals(plan)) {
        plan = row.planned().plan();
        plan.ifPresent(number -> out.println("plan " + number + ":"));
      }
      printRow(row, width, out);
    }
    if (report.complete()) {
      for (LesionReport part : report.byPlan()) {
        PublishedComparison.of(part)
            .ifPresent(comparison -> comparison.toText().lines().forEach(out::println));
      }
    }
  }

  /** Each k, or block, with its value and interval, and why the study ended. */
  static void print(SequentialReport result, PrintWriter out) {
    printSource(result.provenance(), out);
    printExcluded(result.report(), out);
    out.println(
        "intact  " + numbers(result.report().baseline()) + ", on the images that were taken");
    if (result.design().shapley()) {
      printShapley(result, out);
    } else {
      printPoints(result, out);
    }
    long batches = result.rounds().stream().mapToLong(SequentialReport.Round::batches).sum();
    out.println(
        "%s; %s rounds, %s batches of %s images, %s block evaluations"
            .formatted(
                result.end().map(ResultText::words).orElse("not ended"),
                result.rounds().size(),
                batches,
                result.design().batchSize(),
                result.report().cost().blockEvaluations()));
  }

  private static void printShapley(SequentialReport result, PrintWriter out) {
    result
        .shapley()
        .forEach(
            (block, value) ->
                out.println(
                    NumberText.format(
                        "block %3d  Shapley %+8.4f [%.4f, %.4f]",
                        block, value.value(), value.interval().low(), value.interval().high())));
    long orders =
        result.report().rows().stream()
            .mapToInt(row -> row.planned().draw().orElseThrow())
            .distinct()
            .count();
    out.println("%s random orders, each on one batch".formatted(orders));
  }

  private static void printPoints(SequentialReport result, PrintWriter out) {
    for (CurvePoint point : result.points()) {
      Interval interval = point.errorRate().interval();
      out.println(
          NumberText.format(
              "k %3d  mean error %6.2f %% [%.2f, %.2f]  %s",
              (int) point.at(),
              100 * point.errorRate().value(),
              100 * interval.low(),
              100 * interval.high(),
              point.complete()
                  ? "all %s lesions, on %s batches together"
                      .formatted(point.distinct(), point.draws())
                  : "%s draws".formatted(point.draws())));
    }
  }

  private static String words(SequentialReport.End end) {
    return switch (end) {
      case TARGET -> "all intervals are narrow enough";
      case IMAGES -> "no narrower with these images";
      case BUDGET -> "the budget is spent";
    };
  }

  /** Each row with the trained statistics, and below with those estimated anew. */
  static void print(Recalibration result, PrintWriter out) {
    printSource(result.provenance(), out);
    out.println("statistics estimated anew on: " + result.calibration());
    printTwice(result.report().baseline(), result.recalibratedBaseline(), out);
    for (int i = 0; i < result.recalibrated().size(); i++) {
      printTwice(result.report().rows().get(i), result.recalibrated().get(i), out);
    }
  }

  private static void printTwice(LesionRow trained, LesionRow recalibrated, PrintWriter out) {
    printRow(trained, MAX_LESION_WIDTH, out);
    out.println(
        NumberText.format("%" + MAX_LESION_WIDTH + "s", "anew") + "  " + numbers(recalibrated));
  }

  /** Each training's last epoch, and their mean. */
  static void print(TrainingSeries series, PrintWriter out) {
    printSource(series.provenance(), out);
    for (TrainingHistory training : series.trainings()) {
      EpochRecord last = training.last();
      out.println(
          NumberText.format(
              "seed %s  error %6.2f %%  wrong %s of %s",
              training.recipe().seed(), 100 * last.errorRate(), last.wrong(), last.total()));
    }
    series
        .errorRate()
        .ifPresent(
            mean ->
                out.println(
                    NumberText.format(
                        "mean error %.2f %% [%.2f, %.2f] over seeds",
                        100 * mean.value(),
                        100 * mean.interval().low(),
                        100 * mean.interval().high())));
  }

  static void print(BlockValues values, PrintWriter out) {
    LesionReport report = values.report();
    printSource(report.provenance(), out);
    printExcluded(report, out);
    out.println(
        NumberText.format(
            "%s with all blocks %.6f, with none %.6f; %s",
            values.payoff() == Payoff.ACCURACY ? "accuracy" : "negative loss",
            values.full(),
            values.empty(),
            values.exact()
                ? "exact values"
                : "values sampled from " + values.draws() + " random orders"));
    for (BlockValue value : values.blocks()) {
      out.println(
          NumberText.format(
              "block %3d  Shapley %s%s  Banzhaf %s",
              value.block(),
              numbers(value.shapley()),
              value.shapleyOverImages().map(i -> ", over images " + ends(i)).orElse(""),
              numbers(value.banzhaf())));
    }
  }

  private static String numbers(Estimate estimate) {
    String value = NumberText.format("%+.6f", estimate.value());
    return estimate.interval().width() == 0 ? value : value + " " + ends(estimate.interval());
  }

  private static String ends(Interval interval) {
    return NumberText.format("[%+.6f, %+.6f]", interval.low(), interval.high());
  }

  private static void printExcluded(LesionReport report, PrintWriter out) {
    if (!report.excluded().isEmpty()) {
      out.println(
          "excluded blocks: "
              + report.excluded().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
  }

  static void printSource(Provenance provenance, PrintWriter out) {
    out.println(
        "network: %s%s"
            .formatted(
                provenance.architecture().name(),
                provenance.trained() ? "" : ", untrained (initialised from a seed)"));
    out.println("data: " + provenance.data());
    provenance.flips().ifPresent(flips -> out.println(flips(provenance.precision(), flips.size())));
  }

  private static String flips(Precision precision, int count) {
    return "precision: %s, which changes %s of the intact network's predictions"
        .formatted(precision.name().toLowerCase(Locale.ROOT), count == 0 ? "none" : count);
  }

  private static void printRow(LesionRow row, int width, PrintWriter out) {
    StringBuilder line = new StringBuilder();
    line.append(NumberText.format("%-" + Math.max(1, width) + "s", row.lesion()));
    line.append("  ").append(numbers(row));
    row.planned().k().ifPresent(k -> line.append("  k ").append(k));
    row.planned().draw().ifPresent(draw -> line.append("  draw ").append(draw));
    row.kendallTau().ifPresent(tau -> line.append(NumberText.format("  Kendall tau %.4f", tau)));
    out.println(line);
  }

  private static String numbers(LesionRow row) {
    String text =
        NumberText.format(
            "error %6.2f %%  wrong %d of %d  loss %s",
            100 * row.errorRate(), row.wrong(), row.total(), loss(row.loss()));
    if (row.top5Wrong().isPresent()) {
      int wrong = row.top5Wrong().getAsInt();
      text += NumberText.format("  top-5 error %6.2f %%", 100.0 * wrong / row.total());
    }
    if (row.skipped() > 0) {
      text += "  " + row.skipped() + " damaged images skipped";
    }
    return row.nonFinite() == 0
        ? text
        : text + "  " + row.nonFinite() + " images without finite numbers";
  }

  private static String loss(OptionalDouble loss) {
    return loss.isPresent() ? NumberText.format("%.6f", loss.getAsDouble()) : "not finite";
  }
}
