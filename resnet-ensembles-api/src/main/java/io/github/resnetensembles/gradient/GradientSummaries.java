package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.BatchGradients.SignSum;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.statistics.Interval;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What follows from raw measurements. */
final class GradientSummaries {
  /** Rounding must not make an interval longer that holds exactly what was asked for. */
  private static final double ROUNDING = 1e-12;

  private static final double NEGLIGIBLE_WEIGHT = 1e-3;
  private static final int LEAST_BATCHES = 3;

  private GradientSummaries() {}

  /** Measurements by length come in ascending order, one for each length. */
  static <T> void checkLengths(String what, List<T> measured, ToIntFunction<T> length) {
    for (int i = 1; i < measured.size(); i++) {
      if (length.applyAsInt(measured.get(i - 1)) >= length.applyAsInt(measured.get(i))) {
        throw new InvalidInputException(
            String.format(
                "%s are given once for each length, ascending, got length %s after %s",
                what, length.applyAsInt(measured.get(i)), length.applyAsInt(measured.get(i - 1))));
      }
    }
  }

  /** Batches are disjoint and in order, and no length is above the number of the view's steps. */
  static void check(List<BatchGradients> batches, int steps) {
    int end = 0;
    for (BatchGradients batch : batches) {
      if (batch.firstRecord() < end) {
        throw new InvalidInputException(
            ("batches are disjoint and in order, got one from record %s after one up to"
                    + " record %s")
                .formatted(batch.firstRecord(), end - 1));
      }
      Require.between(1, Integer.MAX_VALUE - batch.firstRecord(), "images", batch.images());
      end = batch.firstRecord() + batch.images();
      batch.sums().forEach(sum -> Require.between(0, steps, "a length", sum.length()));
      batch.samples().forEach(sample -> Require.between(0, steps, "a length", sample.length()));
      batch.signSums().forEach(sum -> Require.between(0, steps, "a length", sum.length()));
    }
  }

  static List<LengthGradient> lengths(PathGradients gradients) {
    PathCounts counts = gradients.paths().lengths();
    Columns columns = new Columns(gradients.batches());
    SortedSet<Integer> lengths = columns.lengths();
    Map<Integer, Double> weights = weights(columns, lengths, counts);
    List<LengthGradient> rows = new ArrayList<>();
    for (int k : lengths) {
      BigInteger paths = counts.count(k);
      OptionalDouble sumNorm = mean(columns.sumNorms.get(k));
      OptionalDouble squares = mean(columns.signSquares.get(k));
      rows.add(
          new LengthRow(
              k,
              paths,
              sumNorm,
              mean(columns.shares.get(k)),
              mean(columns.pathNorms.get(k)),
              squares.isPresent()
                  ? OptionalDouble.of(Math.exp((Math.log(squares.getAsDouble()) - log(paths)) / 2))
                  : OptionalDouble.empty(),
              squares.isPresent() ? mean(columns.cancellations(k)) : OptionalDouble.empty(),
              mean(columns.imageNorms.get(k)),
              weights.getOrDefault(k, Double.NaN),
              interval(gradients, columns, k)));
    }
    return rows;
  }

  /** The values of each length, one for each batch. */
  private static final class Columns {
    final Map<Integer, double[]> sumNorms;
    final Map<Integer, double[]> shares;
    final Map<Integer, double[]> pathNorms;
    final Map<Integer, double[]> signSquares;
    final Map<Integer, double[]> imageNorms;

    Columns(List<BatchGradients> batches) {
      sumNorms = column(batches, BatchGradients::sums, PathSum::length, PathSum::norm);
      shares = column(batches, BatchGradients::sums, PathSum::length, PathSum::share);
      pathNorms =
          column(batches, BatchGradients::samples, PathSample::length, PathSample::meanNorm);
      signSquares = column(batches, BatchGradients::signSums, SignSum::length, SignSum::squares);
      imageNorms =
          sumNorms.isEmpty()
              ? column(
                  batches, BatchGradients::samples, PathSample::length, PathSample::imageMeanNorm)
              : column(batches, BatchGradients::sums, PathSum::length, PathSum::imageNorm);
    }

    SortedSet<Integer> lengths() {
      SortedSet<Integer> lengths = new TreeSet<>(sumNorms.keySet());
      lengths.addAll(pathNorms.keySet());
      return lengths;
    }

    /** What is averaged to weights: sums, or else single paths. */
    Map<Integer, double[]> primary() {
      return sumNorms.isEmpty() ? pathNorms : sumNorms;
    }

    double[] cancellations(int k) {
      double[] norms = sumNorms.getOrDefault(k, new double[0]);
      double[] squares = signSquares.getOrDefault(k, new double[0]);
      double[] indices = new double[norms.length];
      for (int b = 0; b < indices.length; b++) {
        indices[b] = Numbers.ratio(norms[b] * norms[b], squares[b]);
      }
      return indices;
    }

    /** A length that a batch dropped counts as 0 there: the residual says what that is worth. */
    private static <T> Map<Integer, double[]> column(
        List<BatchGradients> batches,
        Function<BatchGradients, List<T>> rows,
        ToIntFunction<T> length,
        ToDoubleFunction<T> value) {
      Map<Integer, double[]> column = new TreeMap<>();
      for (int b = 0; b < batches.size(); b++) {
        for (T row : rows.apply(batches.get(b))) {
          column.computeIfAbsent(length.applyAsInt(row), k -> new double[batches.size()])[b] =
              value.applyAsDouble(row);
        }
      }
      return column;
    }
  }

  private static OptionalDouble mean(double @Nullable [] values) {
    return values == null ? OptionalDouble.empty() : Arrays.stream(values).average();
  }

  private static Map<Integer, Double> weights(
      Columns columns, SortedSet<Integer> lengths, PathCounts counts) {
    boolean single = columns.sumNorms.isEmpty();
    Map<Integer, Double> logs = new TreeMap<>();
    for (int k : lengths) {
      double norm = mean(columns.primary().get(k)).orElse(Double.NaN);
      logs.put(k, Math.log(norm) + (single ? log(counts.count(k)) : 0));
    }
    double largest =
        logs.values().stream().mapToDouble(l -> l).reduce(Double.NEGATIVE_INFINITY, Math::max);
    double total = logs.values().stream().mapToDouble(l -> Math.exp(l - largest)).sum();
    Map<Integer, Double> weights = new TreeMap<>();
    logs.forEach((k, l) -> weights.put(k, Math.exp(l - largest) / total));
    return weights;
  }

  private static Optional<Interval> interval(PathGradients gradients, Columns columns, int k) {
    double[] values = columns.primary().getOrDefault(k, new double[0]);
    if (!DoubleStream.of(values).allMatch(Double::isFinite)) {
      return Optional.empty();
    }
    if (values.length > 1) {
      return Optional.of(Intervals.mean(values, Interval.DEFAULT_LEVEL).interval());
    }
    return gradients.batches().get(0).samples().stream()
        .filter(sample -> sample.length() == k && Double.isFinite(sample.standardError()))
        .findFirst()
        .map(
            sample ->
                Intervals.symmetric(
                        sample.meanNorm(),
                        new MeanVariance(
                            sample.standardError() * sample.standardError(), sample.paths() - 1),
                        Interval.DEFAULT_LEVEL)
                    .interval());
  }

  /** The natural logarithm of a number of paths, however large. */
  private static double log(BigInteger number) {
    int shift = Math.max(0, number.bitLength() - 1000);
    return Math.log(number.shiftRight(shift).doubleValue()) + shift * Math.log(2);
  }

  static EffectiveLengths effectiveLengths(PathGradients gradients, double mass) {
    if (!(mass > 0 && mass <= 1)) {
      throw new InvalidInputException(
          "effective lengths carry a share of the gradient, above 0 and at most 1, got " + mass);
    }
    if (!gradients.verified()) {
      throw new UnverifiedGradientsException(
          ("the sums over path lengths lack %s of the gradient, more than %s: measure"
                  + " more lengths, or with a smaller tolerance or in float64")
              .formatted(gradients.residual().getAsDouble(), PathGradients.MAX_RESIDUAL));
    }
    List<LengthGradient> lengths = lengths(gradients);
    if (lengths.isEmpty()) {
      throw new InvalidInputException(
          "a single path has no effective lengths: measure exact sums or sampled paths");
    }
    if (lengths.stream().anyMatch(row -> !Double.isFinite(row.weight()))) {
      throw new UnverifiedGradientsException(
          ("the weights of path lengths are not finite: the gradient is 0 everywhere or"
                  + " has overflowed; look at its norm, %s")
              .formatted(gradients.fullNorm()));
    }
    return shortest(gradients, lengths, mass);
  }

  private static EffectiveLengths shortest(
      PathGradients gradients, List<LengthGradient> lengths, double mass) {
    int bestFrom = 0;
    int bestTo = lengths.size() - 1;
    double bestMass = -1;
    for (int from = 0; from < lengths.size(); from++) {
      double held = 0;
      for (int to = from; to < lengths.size() && to - from <= bestTo - bestFrom; to++) {
        held += lengths.get(to).weight();
        boolean shorter = to - from < bestTo - bestFrom;
        if (held >= mass - ROUNDING && (shorter || held > bestMass)) {
          bestFrom = from;
          bestTo = to;
          bestMass = held;
          break;
        }
      }
    }
    int from = lengths.get(bestFrom).length();
    int to = lengths.get(bestTo).length();
    return new EffectiveLengths(
        from, to, bestMass, gradients.paths().lengths().probability(from, to));
  }

  static Optional<GradientDecay> decay(PathGradients gradients) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (LengthGradient row : lengths(gradients)) {
      double y =
          row.meanPathNorm().isPresent()
              ? Math.log(row.meanPathNorm().getAsDouble())
              : row.rmsPathNorm().isPresent()
                  ? Math.log(row.rmsPathNorm().getAsDouble())
                  : Math.log(row.pathSumNorm().orElse(Double.NaN)) - log(row.paths());
      if (Double.isFinite(y)) {
        xs.add((double) row.length());
        ys.add(y);
      }
    }
    return xs.size() < 2 ? Optional.empty() : Optional.of(line(xs, ys));
  }

  private static GradientDecay line(List<Double> xs, List<Double> ys) {
    double meanX = xs.stream().mapToDouble(x -> x).average().orElseThrow();
    double meanY = ys.stream().mapToDouble(y -> y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < xs.size(); i++) {
      double dx = xs.get(i) - meanX;
      double dy = ys.get(i) - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    return new GradientDecay(
        xy / xx, yy == 0 ? Double.NaN : Math.min(1, xy * xy / (xx * yy)), xs.size());
  }

  /** Whether every length that matters is known to a share of its mean. */
  static boolean preciseEnough(PathGradients gradients, double relative) {
    if (gradients.batches().size() < LEAST_BATCHES) {
      return false;
    }
    if (gradients.pathNorm().isPresent()) {
      double[] norms =
          gradients.batches().stream()
              .flatMapToDouble(batch -> batch.pathNorm().stream())
              .toArray();
      return precise(Intervals.mean(norms, Interval.DEFAULT_LEVEL).interval(), relative);
    }
    return lengths(gradients).stream()
        .filter(row -> !(row.weight() < NEGLIGIBLE_WEIGHT))
        .allMatch(row -> row.interval().map(i -> precise(i, relative)).orElse(false));
  }

  private static boolean precise(Interval interval, double relative) {
    double mean = (interval.low() + interval.high()) / 2;
    return interval.width() / 2 <= relative * Math.abs(mean);
  }
}
