package io.github.resnetensembles.lesion;

import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean error rate of draws that were each evaluated on one batch of images. Batches have images
 * of their own and draws of their own, so that what they give is independent, whatever draws of one
 * batch have in common.
 *
 * <p>Where draws are a list of lesions, each on several batches, every lesion is a stratum: how
 * lesions differ then is no source of chance.
 */
final class NestedDraws implements NestedMeans {
  /** A draw on a batch: which of its images were wrong. */
  private record Draw(Stratum stratum, BitSet wrong, int images) {
    int count() {
      return wrong.cardinality();
    }
  }

  /** All draws of a listed lesion, or all draws. */
  private static final class Stratum {
    private long wrong;
    private long images;
    private int draws;

    double mean() {
      return (double) wrong / images;
    }
  }

  private final boolean listed;
  private final SortedMap<Integer, List<Draw>> byBatch = new TreeMap<>();
  private final Map<Integer, Stratum> strata = new TreeMap<>();
  private long wrong;
  private long trials;
  private int draws;

  /** With lesions that are listed, or drawn. */
  NestedDraws(boolean listed) {
    this.listed = listed;
  }

  /**
   * Adds a draw.
   *
   * @param batch a number that tells its batch from others
   * @param stratum a number that tells a listed lesion from others; one number for all that are
   *     drawn
   * @param wrongImages bit i for the i-th image of the batch
   * @param images of the batch
   */
  void add(int batch, int stratum, BitSet wrongImages, int images) {
    Stratum of = strata.computeIfAbsent(stratum, number -> new Stratum());
    Draw draw = new Draw(of, wrongImages, images);
    byBatch.computeIfAbsent(batch, number -> new ArrayList<>()).add(draw);
    of.wrong += draw.count();
    of.images += images;
    of.draws++;
    wrong += draw.count();
    trials += images;
    draws++;
  }

  @Override
  public int draws() {
    return draws;
  }

  @Override
  public int batches() {
    return byBatch.size();
  }

  @Override
  public long images() {
    return byBatch.values().stream().mapToLong(draws -> draws.get(0).images()).sum();
  }

  private double mean() {
    return strata.values().stream().mapToDouble(Stratum::mean).average().orElseThrow();
  }

  /** How far each batch moves the mean: they add up to 0. */
  private double[] influences() {
    return byBatch.values().stream().mapToDouble(this::influence).toArray();
  }

  private double influence(List<Draw> batch) {
    double sum = 0;
    for (Draw draw : batch) {
      Stratum stratum = draw.stratum();
      double expected = stratum.mean() * draw.images();
      sum += (draw.count() - expected) / ((double) stratum.images * strata.size());
    }
    return sum;
  }

  /**
   * On how many batches a listed lesion is; how many batches there are, where lesions are drawn.
   */
  double repeats() {
    return listed
        ? strata.values().stream().mapToInt(stratum -> stratum.draws).min().orElseThrow()
        : batches();
  }

  private double degreesOfFreedom() {
    double repeats = repeats();
    return listed ? Math.max(1, (batches() - 1) * (repeats - 1) / repeats) : batches() - 1.0;
  }

  @Override
  public Estimate estimate(double level) {
    double mean = mean();
    double quantile =
        TDistribution.of(degreesOfFreedom()).inverseSurvivalProbability((1 - level) / 2);
    if (wrong == 0 || wrong == trials) {
      return new Score(wrong == 0 ? 0 : 1, draws, 0).estimate(quantile, level);
    }
    double variance = variance();
    double size = mean * (1 - mean) / variance;
    return new Score(mean, size, skewness(variance)).estimate(quantile, level);
  }

  /** Of the mean; never below that of as many independent trials. */
  private double variance() {
    double repeats = repeats();
    double mean = mean();
    double squares = sum(influences(), influence -> influence * influence);
    return Math.max(squares * repeats / (repeats - 1), mean * (1 - mean) / trials);
  }

  private double skewness(double variance) {
    double batches = batches();
    double cubes = sum(influences(), influence -> influence * influence * influence);
    return cubes * batches * batches / ((batches - 1) * (batches - 2)) / Math.pow(variance, 1.5);
  }

  private static double sum(double[] values, ToDoubleFunction<Double> of) {
    return Arrays.stream(values).map(value -> of.applyAsDouble(value)).sum();
  }

  @Override
  public double allowed(double width, double level) {
    double now = estimate(level).interval().width();
    if (now == 0) {
      return Double.MAX_VALUE;
    }
    double mean = mean();
    double quantile =
        TDistribution.of(degreesOfFreedom()).inverseSurvivalProbability((1 - level) / 2);
    boolean constant = wrong == 0 || wrong == trials;
    double size = constant ? draws : mean * (1 - mean) / variance();
    double skewness = constant ? 0 : skewness(variance());
    double low = size * 1e-6;
    double high = size * 1e9;
    for (int i = 0; i < 100; i++) {
      double middle = Math.sqrt(low * high);
      Score score = new Score(mean, middle, skewness * Math.sqrt(size / middle));
      if (score.estimate(quantile, level).interval().width() > width) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return size / high;
  }

  /**
   * A score interval: the values t for which (mean - t)^2 is at most quantile^2 times the variance
   * that the mean would have if t were true, a quadratic in t - mean. With the skewness of a
   * binomial it is Wilson's, of as many independent trials as give the variance of the mean; where
   * the mean is skewed more, as by few draws that do much, its variance changes faster with t.
   *
   * @param size independent trials that would give the variance
   * @param skewness of the mean
   */
  private record Score(double mean, double size, double skewness) {
    Estimate estimate(double quantile, double level) {
      double variance = mean * (1 - mean) / size;
      double square = quantile * quantile;
      double a = 1 + square / size;
      double b = -square * slope(variance);
      double c = -square * variance;
      double root = Math.sqrt(b * b - 4 * a * c);
      double low = mean + (-b - root) / (2 * a);
      double high = mean + (-b + root) / (2 * a);
      return new Estimate(
          mean,
          new Interval(Math.max(0, Math.min(mean, low)), Math.min(1, Math.max(mean, high)), level));
    }

    /** How the variance goes with the mean. */
    private double slope(double variance) {
      double binomial = (1 - 2 * mean) / size;
      double own = skewness * Math.sqrt(variance);
      return Math.abs(own) > Math.abs(binomial) ? own : binomial;
    }
  }

  @Override
  public Components components() {
    Squares squares = new Squares();
    byBatch.values().forEach(batch -> add(squares, batch));
    double rate = (wrong + 0.5) / (trials + 1);
    double rest = squares.rest / squares.restFreedom;
    double draws = Math.max(0, (squares.draws / squares.drawFreedom - rest) / squares.batchSize());
    double images =
        Math.max(0, (squares.images / squares.imageFreedom - rest) / squares.drawsOfBatch());
    return new Components(images, listed ? 0 : draws, Math.max(rest, rate * (1 - rate) / 100));
  }

  /** Sums of squares with their degrees of freedom. */
  private static final class Squares {
    double images;
    double draws;
    double rest;
    double imageFreedom;
    double drawFreedom;
    double restFreedom;
    double weightedBatchSize;
    double weightedDraws;

    double batchSize() {
      return weightedBatchSize / drawFreedom;
    }

    double drawsOfBatch() {
      return weightedDraws / imageFreedom;
    }
  }

  private void add(Squares squares, List<Draw> batch) {
    int size = batch.get(0).images();
    int count = batch.size();
    if (count < 2 || size < 2) {
      return;
    }
    double[] ofImages = new double[size];
    double[] ofDraws = new double[count];
    double all = 0;
    for (int d = 0; d < count; d++) {
      for (int i = 0; i < size; i++) {
        double value = value(batch.get(d), i);
        ofImages[i] += value / count;
        ofDraws[d] += value / size;
        all += value / count / size;
      }
    }
    for (int d = 0; d < count; d++) {
      for (int i = 0; i < size; i++) {
        double rest = value(batch.get(d), i) - ofImages[i] - ofDraws[d] + all;
        squares.rest += rest * rest;
      }
    }
    squares.images += count * squaresAround(ofImages, all);
    squares.draws += size * squaresAround(ofDraws, all);
    squares.restFreedom += (count - 1.0) * (size - 1);
    squares.drawFreedom += count - 1.0;
    squares.imageFreedom += size - 1.0;
    squares.weightedBatchSize += size * (count - 1.0);
    squares.weightedDraws += count * (size - 1.0);
  }

  private double value(Draw draw, int image) {
    return (draw.wrong().get(image) ? 1 : 0) - (listed ? draw.stratum().mean() : 0);
  }

  private static double squaresAround(double[] values, double mean) {
    return DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
  }
}
