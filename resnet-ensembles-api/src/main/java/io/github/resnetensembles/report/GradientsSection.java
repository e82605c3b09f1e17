package io.github.resnetensembles.report;

import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.gradient.UnverifiedGradientsException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gradient by path length, and the effective paths. */
final class GradientsSection {
  private static final String BY_LENGTH = "gradient-by-length";

  private GradientsSection() {}

  /** Empty where the sums lack too much of the gradient to say. */
  static Optional<EffectiveLengths> effective(PathGradients gradients) {
    return effective(gradients, PathGradients.DEFAULT_MASS);
  }

  static Optional<EffectiveLengths> effective(PathGradients gradients, double mass) {
    try {
      return Optional.of(gradients.effectiveLengths(mass));
    } catch (UnverifiedGradientsException e) {
      return Optional.empty();
    }
  }

  static void write(Networks networks, Draft draft) {
    List<Of<PathGradients>> measured = networks.results(PathGradients.class);
    if (measured.isEmpty()) {
      return;
    }
    measured.forEach(of -> draft.say(finding(of.label(), of.result())));
    draft.say(
        "The paper's claim is that almost all of the gradient comes through short paths: of length"
            + " 5 to 17 in its network of 54 blocks, 0.45 % of all paths (figure 6c).");
    List<Figure> figures = figures(measured, effective(measured.get(0).result()));
    figures.stream().filter(GradientsSection::isAnswer).forEach(draft::add);
    figures.stream().filter(figure -> !isAnswer(figure)).forEach(draft::add);
    draft.add(table(measured));
  }

  /** Whether a figure shows how much of the gradient which paths carry. */
  private static boolean isAnswer(Figure figure) {
    return figure.name().startsWith(BY_LENGTH);
  }

  /**
   * The paper's figure 6: how many paths there are, how large the gradient through them is, and how
   * much of it they carry.
   *
   * @param effective lengths of the first
   */
  static List<Figure> figures(
      List<Of<PathGradients>> measured, Optional<EffectiveLengths> effective) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        PathsSection.distribution(
            "gradient-path-lengths", measured.get(0).result().paths().lengths(), effective));
    Collection<List<Of<PathGradients>>> groups = byImages(measured);
    int number = 0;
    for (List<Of<PathGradients>> together : groups) {
      number++;
      String suffix = number == 1 ? "" : "-" + number;
      String images = groups.size() == 1 ? "" : Measured.by(together.get(0).result()).text();
      norms(together, suffix, images).ifPresent(figures::add);
      onePath(together, suffix, images).ifPresent(figures::add);
      weights(together, suffix, images).ifPresent(figures::add);
    }
    return figures;
  }

  static String measurement(PathGradients gradients) {
    GradientMeasurement measurement = gradients.protocol().measurement();
    if (measurement instanceof GradientMeasurement.SampledPaths sampled) {
      return Say.count(sampled.pathsPerLength(), "sampled path") + " of each length";
    }
    return measurement instanceof GradientMeasurement.RandomSigns signs
        ? "exact sums with " + Say.count(signs.draws(), "draw") + " of random signs"
        : "exact sums";
  }

  private static String finding(String label, PathGradients gradients) {
    int images = gradients.batches().stream().mapToInt(batch -> batch.images()).sum();
    StringBuilder text =
        new StringBuilder(
                ("%s, %s: the gradient of the loss (%s nats on %s%s, BatchNorm in %s mode) has"
                        + " the norm %s")
                    .formatted(
                        label,
                        measurement(gradients),
                        Say.number(gradients.loss()),
                        Say.count(images, "image"),
                        leftOut(gradients),
                        gradients.protocol().batchNorm() == BatchNormMode.EVAL ? "eval" : "train",
                        Say.number(gradients.fullNorm())))
            .append(
                gradients.protocol().place() == GradientPlace.IMAGE
                    ? " at the image."
                    : " at the stem's output.");
    Optional<EffectiveLengths> effective = effective(gradients);
    text.append(
        effective
            .map(
                found ->
                    " Paths of length %s to %s carry %s of the weight; they are %s of all paths, %s."
                        .formatted(
                            found.from(),
                            found.to(),
                            Say.percent(found.mass()),
                            Say.percent(found.pathShare()),
                            few(found)))
            .orElse(" No effective lengths are said, since the sums cannot be trusted."));
    gradients
        .decay()
        .ifPresent(
            decay ->
                text.append(" The norm of a single path changes by the factor ")
                    .append(Say.number(Math.exp(decay.slope())))
                    .append(" with each further block")
                    .append(
                        Double.isFinite(decay.r2())
                            ? " (R² = " + Say.format("%.3f", decay.r2()) + ")."
                            : "."));
    gradients
        .residual()
        .ifPresent(
            residual ->
                text.append(" The sums over all lengths lack ")
                    .append(Say.format("%.1e", residual))
                    .append(" of the ordinary gradient."));
    return text.toString();
  }

  /** Whether effective lengths are few paths: the rule of {@link Claim.Kind#SHORT_PATHS}. */
  static String few(EffectiveLengths found) {
    return ClaimRules.few(found.pathShare()) == Claim.Verdict.SHOWN
        ? "which is few (below %s)".formatted(Say.percent(ClaimRules.FEW_PATHS))
        : "which is not few (%s or more): this does not support the claim that a few short paths carry it"
            .formatted(Say.percent(ClaimRules.FEW_PATHS));
  }

  private static String leftOut(PathGradients gradients) {
    return gradients.leftOut() == 0
        ? ""
        : "; " + Say.count(gradients.leftOut(), "image") + " that filled no batch left out";
  }

  /** Results that share a figure: those measured on the same images. */
  private static Collection<List<Of<PathGradients>>> byImages(List<Of<PathGradients>> measured) {
    return measured.stream()
        .collect(
            Collectors.groupingBy(
                of -> Measured.by(of.result()), LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  /** The images of a measurement. */
  private record Measured(String dataSha256, int from, int images) {
    static Measured by(PathGradients gradients) {
      return new Measured(
          gradients.provenance().dataSha256(),
          gradients.batches().get(0).firstRecord(),
          gradients.batches().stream().mapToInt(BatchGradients::images).sum());
    }

    /** What sets the figure of these images apart from that of others. */
    String text() {
      return " (records " + new RecordRange(from, from + images) + ")";
    }
  }

  private static Optional<Figure> norms(
      List<Of<PathGradients>> measured, String suffix, String images) {
    List<Series> series = new ArrayList<>();
    for (Of<PathGradients> of : measured) {
      List<LengthGradient> rows = of.result().lengths();
      boolean sums = rows.stream().anyMatch(row -> row.pathSumNorm().isPresent());
      String how = " (" + measurement(of.result()) + ")";
      add(
          series,
          of.label() + ", mean norm of a path" + how,
          points(rows, LengthGradient::meanPathNorm, !sums));
      add(
          series,
          of.label() + ", root mean square norm of a path" + how,
          points(rows, LengthGradient::rmsPathNorm, false));
      add(
          series,
          of.label() + ", norm of the sum of all paths" + how,
          points(rows, LengthGradient::pathSumNorm, sums));
    }
    return logarithmic("gradient-norms" + suffix, "Gradient norm by path length" + images, series);
  }

  /** Of exact sums, the norm of a sum over the number of paths: the paper's figure 6b. */
  private static Optional<Figure> onePath(
      List<Of<PathGradients>> measured, String suffix, String images) {
    List<Series> series = new ArrayList<>();
    for (Of<PathGradients> of : measured) {
      add(
          series,
          "%s, norm of the sum over the number of paths (%s)"
              .formatted(of.label(), measurement(of.result())),
          points(of.result().lengths(), GradientsSection::sumOverPaths, false));
    }
    return logarithmic(
        "gradient-of-one-path" + suffix,
        "Gradient through one path by its length" + images,
        series);
  }

  private static OptionalDouble sumOverPaths(LengthGradient row) {
    return row.pathSumNorm().isPresent()
        ? OptionalDouble.of(row.pathSumNorm().getAsDouble() / row.paths().doubleValue())
        : OptionalDouble.empty();
  }

  private static Optional<Figure> logarithmic(String name, String title, List<Series> series) {
    return series.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Figure(
                name,
                title,
                "Lines of gradient norms over the path length, on a logarithmic axis. "
                    + String.join(" ", series.stream().map(GradientsSection::ends).toList()),
                Axis.linear("path length (blocks)"),
                Axis.logarithmic("gradient norm"),
                series,
                List.of()));
  }

  private static void add(List<Series> series, String label, List<Point> points) {
    if (!points.isEmpty()) {
      series.add(new Series(label, Mark.LINE, points));
    }
  }

  /** What a logarithmic axis can show: positive norms, and intervals above 0. */
  private static List<Point> points(
      List<LengthGradient> rows,
      Function<LengthGradient, OptionalDouble> norm,
      boolean intervalIsOfNorm) {
    List<Point> points = new ArrayList<>();
    for (LengthGradient row : rows) {
      double value = norm.apply(row).orElse(Double.NaN);
      if (value > 0 && Double.isFinite(value)) {
        Optional<Interval> interval =
            row.interval()
                .filter(ends -> intervalIsOfNorm)
                .filter(ends -> ends.low() > 0 && Double.isFinite(ends.high()));
        points.add(new Point(row.length(), value, interval));
      }
    }
    return points;
  }

  private static String ends(Series series) {
    Point first = series.points().get(0);
    Point last = series.points().get(series.points().size() - 1);
    return "%s: %s at length %s, %s at length %s."
        .formatted(
            series.label(),
            Say.number(first.y()),
            Say.number(first.x()),
            Say.number(last.y()),
            Say.number(last.x()));
  }

  /** Of exact sums alone, where there are some: weights of a few sampled paths are noise. */
  private static Optional<Figure> weights(
      List<Of<PathGradients>> all, String suffix, String images) {
    List<Of<PathGradients>> exact =
        all.stream().filter(of -> of.result().residual().isPresent()).toList();
    List<Of<PathGradients>> measured = exact.isEmpty() ? all : exact;
    List<Series> series = new ArrayList<>();
    for (Of<PathGradients> of : measured) {
      List<LengthGradient> rows = of.result().lengths();
      String how = " (" + measurement(of.result()) + ")";
      add(
          series,
          of.label() + ", weight" + how,
          rows.stream()
              .filter(row -> Double.isFinite(row.weight()))
              .map(row -> Points.percent(row.length(), row.weight()))
              .toList());
      add(
          series,
          of.label() + ", signed share" + how,
          rows.stream()
              .filter(row -> Double.isFinite(row.share().orElse(Double.NaN)))
              .map(row -> Points.percent(row.length(), row.share().orElseThrow()))
              .toList());
    }
    if (series.isEmpty()) {
      return Optional.empty();
    }
    add(series, "all paths, share of their number", shares(measured.get(0).result()));
    return Optional.of(
        new Figure(
            BY_LENGTH + suffix,
            "How much of the gradient each path length carries" + images,
            "Lines over the path length. "
                + String.join(" ", series.stream().map(GradientsSection::peak).toList()),
            Axis.linear("path length (blocks)"),
            Axis.linear("share (%)"),
            series,
            List.of()));
  }

  private static List<Point> shares(PathGradients gradients) {
    PathCounts lengths = gradients.paths().lengths();
    return gradients.lengths().stream()
        .map(row -> Points.percent(row.length(), lengths.probability(row.length())))
        .toList();
  }

  private static String peak(Series series) {
    Point peak = series.points().stream().max(Comparator.comparingDouble(Point::y)).orElseThrow();
    return "%s: at most %s %%, at length %s."
        .formatted(series.label(), Say.format("%.2f", peak.y()), Say.number(peak.x()));
  }

  private static ReportTable table(List<Of<PathGradients>> measured) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Of<PathGradients> of : measured) {
      for (LengthGradient row : of.result().lengths()) {
        rows.add(
            Stream.of(
                    Cells.words(of.label()),
                    Cells.words(measurement(of.result())),
                    Cells.integer(row.length()),
                    Cells.words(row.paths().toString()),
                    Cells.number(row.meanPathNorm()),
                    Cells.number(row.rmsPathNorm()),
                    Cells.number(row.pathSumNorm()),
                    Cells.percent(row.weight()),
                    Cells.percent(row.share().orElse(Double.NaN)),
                    Cells.number(row.cancellation()))
                .toList());
      }
    }
    return new ReportTable(
        "gradient-lengths",
        "The gradient by path length",
        List.of(
            "network",
            "measurement",
            "length",
            "paths",
            "mean norm of a path",
            "RMS norm of a path",
            "norm of the sum",
            "weight (%)",
            "signed share (%)",
            "cancellation index"),
        rows);
  }
}
