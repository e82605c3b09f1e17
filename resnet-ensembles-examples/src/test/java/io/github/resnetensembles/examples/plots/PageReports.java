package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Claim;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Level;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.report.ReportTable;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Provenance.Run;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Hand-made reports with everything that a page can show. */
final class PageReports {
  private static final int IMAGES = 1000;

  private PageReports() {}

  static Report report(ReportSection... sections) {
    return new Report(
        "Residual networks taken apart: resnet-20",
        List.of(),
        List.of(),
        List.of(sections),
        List.of());
  }

  static ReportSection section(
      Kind kind, String title, List<Figure> figures, ReportTable... tables) {
    return new ReportSection(kind, title, List.of(), figures, List.of(tables), List.of());
  }

  static LesionReport lesions() {
    Architecture architecture = Architecture.resnet(20);
    return Reports.of(architecture, LesionPlan.deleteEach(), 100, 8, planned -> 20);
  }

  /** A report whose only result was made by this run. */
  static Report of(Run run) {
    LesionReport lesions = lesions();
    Provenance provenance = lesions.provenance().toBuilder().runs(List.of(run)).build();
    LesionReport result =
        new LesionReport(
            lesions.base(),
            lesions.baseline(),
            lesions.rows(),
            lesions.excluded(),
            lesions.cost(),
            lesions.records(),
            provenance);
    return new Report(
        "One",
        List.of(),
        List.of(),
        List.of(),
        List.of(new LabelledResult("resnet-20", "each", result)));
  }

  /** All that a report has, and as a report on pretrained networks says it. */
  private static final List<Claim> CLAIMS =
      List.of(
          claim(
              Claim.Kind.ONE_DELETION,
              "Deleting one block of a residual network hardly matters.",
              Claim.Verdict.SHOWN,
              "preresnet-110: the median deletion costs 0.22 % [-0.39, 0.84] of the room "
                  + "from its error to chance.",
              "median error 6.46 % after one deletion, 6.03 % intact"),
          claim(
              Claim.Kind.PLAIN_NETWORK,
              "A network without skip connections does not survive it.",
              Claim.Verdict.SHOWN,
              "plain-20: the median deletion costs 96.59 % [92.38, 100.03] of the room from "
                  + "its error to chance. With skip connections (preresnet-20, 9 blocks) it costs "
                  + "67.63 % [62.57, 72.30].",
              "VGG-15: mean error 92.09 % after one deletion"),
          claim(
              Claim.Kind.MANY_DELETIONS,
              "The error rises smoothly with the number of deleted blocks.",
              Claim.Verdict.UNDECIDED,
              "preresnet-110 (blocks 1+19+37 left alone), on 100 images: mean error 0.00 % "
                  + "intact, 61.90 % [39.22, 79.89] at 10, 89.80 % [82.89, 94.67] at 20. The step "
                  + "to 8 may be of 43 points, a third of the room is 30.",
              "6.45 % with 1 deletion, 19.01 % with 10 deletions and 57.71 % with 20 "
                  + "deletions"),
          claim(
              Claim.Kind.REORDERING,
              "The error rises smoothly as blocks are reordered.",
              Claim.Verdict.UNDECIDED,
              "preresnet-110, on 100 images: mean error 0.00 % intact, 35.50 % "
                  + "[23.68, 46.84] at tau 0.94, 69.40 % [49.51, 83.33] at tau 0.86. The step to "
                  + "tau 0.89 may be of 50 points, a third of the room is 30.",
              "6.87 % with 1 swapped pair, 19.80 % with 5 swapped pairs and 46.17 % with 10 "
                  + "swapped pairs"),
          claim(
              Claim.Kind.GRADIENT_DECAY,
              "The gradient through a path falls exponentially with its length.",
              Claim.Verdict.SHOWN,
              "preresnet-110: each further block multiplies the norm by 0.237 [0.231, "
                  + "0.243]; R² is 0.996 over 55 lengths.",
              "exponential decay (figure 6b)"),
          claim(
              Claim.Kind.SHORT_PATHS,
              "The gradient comes through a few short paths.",
              Claim.Verdict.SHOWN,
              "preresnet-110: lengths 5 to 17 carry 96.27 % of the gradient and are 0.45 % "
                  + "of all paths.",
              "lengths 5 to 17 of 54, 0.45 % of all paths (figure 6c)"),
          claim(
              Claim.Kind.EFFECTIVE_TRAINING,
              "Training the effective paths only is as good.",
              Claim.Verdict.NOT_SHOWN,
              "Error 18.80 % [15.62, 22.46] with the effective paths, 0.40 % [0.11, 1.45] "
                  + "with all (one training each, of 942 steps); difference +18.40 points "
                  + "[+15.05, +22.07].",
              "5.96 % with 23 of 54 blocks, 6.10 % with all"),
          claim(
              Claim.Kind.STOCHASTIC_DEPTH,
              "Stochastic depth makes a network more robust to deletions.",
              Claim.Verdict.NOT_SHOWN,
              "The mean deletion costs 5.70 % [4.29, 7.07] of the room with stochastic "
                  + "depth, 3.11 % [2.81, 3.44] without (one training each, of 942 steps); "
                  + "difference +2.59 points [+1.14, +3.99].",
              "mean error 5.33 % after one deletion with it, 7.42 % without"));

  private static Claim claim(
      Claim.Kind kind, String statement, Claim.Verdict verdict, String finding, String authors) {
    return new Claim(kind, statement, verdict, finding, Optional.empty(), authors);
  }

  /** Claims, every mark, scale and axis, intervals, levels, tables, commands and provenance. */
  static Report full() {
    return new Report(
        "Residual networks taken apart: resnet-20",
        CLAIMS,
        List.of(outliers()),
        List.of(
            new ReportSection(
                Kind.NETWORK,
                "The network",
                List.of(
                    "resnet-20 has 9 residual blocks in 3 stages. Its top-1 error on 1000 built-in images is 2.6 % (95 % interval 1.8 to 3.8 %).",
                    "The paper's networks are pre-activation and deeper: 54 blocks."),
                List.of(),
                List.of(epochs()),
                List.of(
                    "java -jar resnet-ensembles.jar train --arch resnet-20 --data builtin --recipe quick --out trained")),
            section(Kind.PATHS, "Unravelled view and path lengths", List.of(paths())),
            new ReportSection(
                Kind.DELETE_ONE,
                "Deleting one block",
                List.of(
                    "Deleting one of the 9 blocks costs 12.1 points on average and 31.0 at most. The paper finds hardly any cost in a network of 54 blocks; so shallow a network cannot show that claim. Its plain twin falls to chance whichever layer goes."),
                List.of(deletions()),
                List.of(lesionTable()),
                List.of(
                    "java -jar resnet-ensembles.jar lesion --weights trained/weights.safetensors --data builtin --delete each --plot deletions.png")),
            section(Kind.DELETE_MANY, "Deleting many blocks", List.of(many(), boxes())),
            section(Kind.REORDER, "Reordering blocks", List.of(reorder())),
            section(Kind.GRADIENTS, "Gradient by path length", List.of(norms())),
            section(
                Kind.EFFECTIVE_PATHS, "Training with effective paths only", List.of(trainings())),
            section(Kind.STOCHASTIC_DEPTH, "Stochastic depth and resilience", List.of()),
            section(Kind.BLOCK_VALUES, "Shapley and Banzhaf values", List.of(values()))),
        List.of(new LabelledResult("resnet-20", "resnet-20-delete-each", lesions())));
  }

  static Figure paths() {
    double[] choose = {1, 9, 36, 84, 126, 126, 84, 36, 9, 1};
    return new Figure(
        "path-lengths",
        "How many paths there are of each length",
        "Bars that rise from length 0 to lengths 4 and 5, a quarter of all paths each, and fall again: a binomial distribution.",
        Axis.linear("path length (blocks)"),
        Axis.linear("share of all paths (%)"),
        List.of(
            series("all 512 paths", Mark.BARS, 0, 9, k -> choose[k] / 5.12),
            series(
                "left after deleting 1 random block",
                Mark.BARS,
                0,
                9,
                k -> choose[k] / 5.12 * (9 - k) / 9)),
        List.of());
  }

  static Figure deletions() {
    double[] errors = {31, 14.5, 8.2, 27, 9, 6.1, 12, 4.2, 3.4};
    double[] plain = {90, 89.5, 88, 90.2, 90, 86, 87, 90, 71};
    return new Figure(
        "delete-each",
        "Error after deleting one block",
        "Residual errors lie between 3 and 31 %, those of the plain network near 90 %.",
        Axis.linear("deleted block (number)"),
        Axis.linear("top-1 error (%)"),
        List.of(
            wilson("resnet-20", Mark.LINE, errors),
            wilson("plain-20, the same without skip connections", Mark.LINE, plain)),
        List.of(new Level("resnet-20, intact", 2.6), new Level("plain-20, intact", 5.1)));
  }

  /** A deep network: few blocks matter, and they lie far beyond the end of the axis. */
  static Figure outliers() {
    int[] beyond = {1, 19, 37, 38, 39, 40, 41};
    return new Figure(
        "delete-one",
        "Error with one block deleted: preresnet-110",
        "Errors near 1 % but for seven blocks, from 20 to 60 %.",
        Axis.linear("deleted block"),
        Axis.linear("error (%), cut at 10 times the median").startingAt(0).endingAt(8),
        List.of(
            new Series(
                "preresnet-110",
                Mark.LINE,
                IntStream.rangeClosed(1, 54)
                    .mapToObj(
                        block ->
                            Arrays.binarySearch(beyond, block) >= 0
                                ? Point.of(block, estimate(20 + block, 4))
                                : Point.of(block, estimate(0.8 + 0.1 * (block % 4), 0.7)))
                    .toList())),
        List.of(new Level("chance", 90), new Level("preresnet-110, intact", 0.8)));
  }

  /** Many draws at each place. */
  static Figure boxes() {
    return new Figure(
        "delete-many-draws",
        "Error of each draw",
        "Boxes that rise from 5 to 80 %, with outliers.",
        Axis.linear("deleted blocks k (count)"),
        Axis.linear("top-1 error (%)").startingAt(0),
        List.of(
            new Series(
                "resnet-20",
                Mark.BOXES,
                IntStream.range(0, 160)
                    .mapToObj(
                        i ->
                            Point.of(
                                1 + i / 20,
                                9 * (1 + i / 20) + i * 37 % 11 + (i % 20 == 3 ? 30 : 0)))
                    .toList())),
        List.of(new Level("chance", 90)));
  }

  static Figure many() {
    return new Figure(
        "delete-many",
        "Error after deleting k random blocks",
        "The error rises smoothly from 3 to 88 %.",
        Axis.linear("deleted blocks k (count)"),
        Axis.linear("top-1 error (%)"),
        List.of(
            new Series(
                "resnet-20, mean of 50 draws",
                Mark.LINE,
                IntStream.rangeClosed(1, 8)
                    .mapToObj(k -> Point.of(k, estimate(2.6 + 11 * k - 0.04 * k * k, 4)))
                    .toList())),
        List.of(new Level("intact", 2.6), new Level("chance", 90)));
  }

  static Figure reorder() {
    return new Figure(
        "reorder",
        "Error after reordering blocks",
        "A cloud of points: the less the order is kept, the larger the error.",
        Axis.linear("Kendall tau of the block order (1 = original order)"),
        Axis.linear("top-1 error (%)"),
        List.of(
            series(
                "1 swap",
                Mark.POINTS,
                1,
                30,
                i -> 10 + (i * 37 % 23),
                i -> 0.85 + (i * 13 % 11) / 100.0),
            series(
                "3 swaps",
                Mark.POINTS,
                1,
                30,
                i -> 30 + (i * 29 % 31),
                i -> 0.6 + (i * 17 % 19) / 100.0),
            series(
                "5 swaps",
                Mark.POINTS,
                1,
                30,
                i -> 50 + (i * 31 % 29),
                i -> 0.35 + (i * 11 % 23) / 100.0)),
        List.of(new Level("intact", 2.6)));
  }

  static Figure norms() {
    return new Figure(
        "path-norms",
        "How large the gradient through one path is",
        "A straight line on a logarithmic axis: from 0.1 at length 0 down to a ten-millionth at length 9.",
        Axis.linear("path length (blocks)"),
        Axis.logarithmic("gradient norm"),
        List.of(
            new Series(
                "mean norm of sampled paths",
                Mark.LINE,
                IntStream.rangeClosed(0, 9)
                    .mapToObj(
                        k -> {
                          double y = 0.1 * Math.exp(-1.5 * k);
                          return Point.of(k, new Estimate(y, new Interval(y / 1.6, y * 1.6, 0.95)));
                        })
                    .toList()),
            series(
                "share of the gradient",
                Mark.POINTS,
                0,
                9,
                k -> 0.3 * Math.exp(-0.4 * (k - 3) * (k - 3)))),
        List.of());
  }

  static Figure trainings() {
    return new Figure(
        "trainings",
        "Training by path length",
        "Two pairs of bars; full training and effective paths differ by 0.4 points, less than their intervals.",
        Axis.of(
            "training",
            List.of("all paths", "effective paths (lengths 1 to 4)", "stochastic depth")),
        Axis.linear("top-1 error (%)"),
        List.of(
            wilson("seed 1", Mark.BARS, 2.6, 3.0, 3.9),
            wilson("seed 2", Mark.BARS, 2.4, 3.3, 4.1),
            wilson("mean", Mark.POINTS, 2.5, 3.15, 4.0)),
        List.of());
  }

  static Figure values() {
    double[] shapley = {0.21, 0.11, 0.05, 0.17, 0.06, 0.03, 0.09, 0.02, -0.01};
    return new Figure(
        "block-values",
        "Values of blocks",
        "The first block of each stage is worth most.",
        Axis.linear("block"),
        Axis.linear("accuracy gained"),
        List.of(
            new Series(
                "Shapley value",
                Mark.BARS,
                IntStream.range(0, 9)
                    .mapToObj(i -> Point.of(i + 1, estimate(shapley[i], 0.02)))
                    .toList()),
            new Series(
                "Banzhaf value",
                Mark.BARS,
                IntStream.range(0, 9)
                    .mapToObj(i -> Point.of(i + 1, estimate(shapley[i] * 0.8, 0.02)))
                    .toList())),
        List.of());
  }

  static ReportTable lesionTable() {
    double[] errors = {31, 14.5, 8.2, 27, 9, 6.1, 12, 4.2, 3.4};
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < errors.length; i++) {
      rows.add(
          List.of(
              Cell.of("delete{" + (i + 1) + "}"),
              Cell.of(i + 1, Integer.toString(i + 1)),
              Cell.of(i % 3 == 0 ? "shape changes" : "identity"),
              Cell.of(errors[i], String.format(Locale.ROOT, "%.1f", errors[i])),
              Cell.of(String.format(Locale.ROOT, "%.1f to %.1f", errors[i] - 2, errors[i] + 2.3)),
              i == 8
                  ? Cell.of("-")
                  : Cell.of(
                      Math.pow(10, -8 + i),
                      String.format(Locale.ROOT, "%.1g", Math.pow(10, -8 + i)))));
    }
    return new ReportTable(
        "delete-each-tests",
        "Each deletion against the intact network",
        List.of(
            "lesion", "block", "skip connection", "error (%)", "95 % interval", "McNemar p (Holm)"),
        rows);
  }

  private static ReportTable epochs() {
    return new ReportTable(
        "epochs",
        "Training",
        List.of("epoch", "learning rate", "training loss", "test error (%)"),
        IntStream.rangeClosed(1, 6)
            .mapToObj(
                i ->
                    List.of(
                        Cell.of(i, Integer.toString(i)),
                        Cell.of(0.1, "0.1"),
                        Cell.of(2.0 / i, String.format(Locale.ROOT, "%.3f", 2.0 / i)),
                        Cell.of(15.6 / i, String.format(Locale.ROOT, "%.1f", 15.6 / i))))
            .toList());
  }

  static Series series(String label, Mark mark, int from, int to, IntToDoubleFunction y) {
    return series(label, mark, from, to, y, i -> i);
  }

  private static Series series(
      String label, Mark mark, int from, int to, IntToDoubleFunction y, IntToDoubleFunction x) {
    return new Series(
        label,
        mark,
        IntStream.rangeClosed(from, to)
            .mapToObj(i -> Point.of(x.applyAsDouble(i), y.applyAsDouble(i)))
            .toList());
  }

  private static Series wilson(String label, Mark mark, double... percent) {
    return new Series(
        label,
        mark,
        IntStream.range(0, percent.length)
            .mapToObj(
                i -> {
                  Estimate rate =
                      Estimate.errorRate((int) Math.round(percent[i] * IMAGES / 100), IMAGES, 0.95);
                  return Point.of(
                      i + 1,
                      new Estimate(
                          100 * rate.value(),
                          new Interval(
                              100 * rate.interval().low(), 100 * rate.interval().high(), 0.95)));
                })
            .toList());
  }

  private static Estimate estimate(double value, double half) {
    return new Estimate(value, new Interval(value - half, value + half, 0.95));
  }
}
