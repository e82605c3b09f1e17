package io.github.resnetensembles.internal.statistics;

import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Error rates over draws and images, both resampled: see LesionStatistics.curve(). */
public final class TwoLevelBootstrap {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private static final Interrupts INTERRUPTS = Interrupts.during("draws were resampled");

  private final int images;
  private final double level;
  private final int resamples;
  private final long seed;
  private long counted;

  public TwoLevelBootstrap(int images, double level, int resamples, long seed) {
    this.images = images;
    this.level = level;
    this.resamples = resamples;
    this.seed = seed;
  }

  /** One estimate for each group of draws, at least two; a draw is its wrong images. */
  public List<Estimate> means(List<List<BitSet>> groups) {
    double[][] means = resampled(groups, TwoLevelBootstrap::mean);
    return IntStream.range(0, means.length)
        .mapToObj(g -> estimate(groups.get(g), means[g]))
        .toList();
  }

  /**
   * The mean over draws that are all there are, so that only the images are a sample: Wilson's
   * interval of as many independent images as give the variance of the images' means.
   */
  public Estimate meanOverImages(List<BitSet> draws) {
    double[] imageMeans = imageMeans(draws);
    double value = Intervals.mean(imageMeans);
    double squares = 0;
    for (double mean : imageMeans) {
      squares += (mean - value) * (mean - value);
    }
    double ofOne = value * (1 - value);
    double variance = squares / images;
    double most = (double) images * draws.size();
    double size =
        ofOne == 0 ? images : ofOne >= variance * draws.size() ? most : images * ofOne / variance;
    double z = NORMAL.inverseSurvivalProbability((1 - level) / 2);
    double centre = (value + z * z / (2 * size)) / (1 + z * z / size);
    double half = z / (1 + z * z / size) * Math.sqrt(ofOne / size + z * z / (4 * size * size));
    return new Estimate(
        value,
        new Interval(
            Math.max(0, Math.min(value, centre - half)),
            Math.min(1, Math.max(value, centre + half)),
            level));
  }

  private double[] imageMeans(List<BitSet> draws) {
    double[] imageMeans = new double[images];
    for (BitSet draw : draws) {
      draw.stream().forEach(image -> imageMeans[image] += 1.0 / draws.size());
    }
    return imageMeans;
  }

  /**
   * The medians over draws. A median of resampled draws takes few values, so that the ends of its
   * intervals come from its standard deviation and not from its percentiles.
   */
  public List<Estimate> medians(List<List<BitSet>> groups) {
    double[][] medians = resampled(groups, TwoLevelBootstrap::median);
    return IntStream.range(0, medians.length)
        .mapToObj(g -> medianEstimate(groups.get(g), medians[g]))
        .toList();
  }

  /** What a resample of draws says, from how many of its images each draw got wrong. */
  private interface Statistic {
    double of(int[] counts, UniformRandomProvider random);
  }

  private double[][] resampled(List<List<BitSet>> groups, Statistic statistic) {
    List<long[][]> words =
        groups.stream()
            .map(
                draws ->
                    draws.stream()
                        .map(draw -> ImageResample.words(draw, images))
                        .toArray(long[][]::new))
            .toList();
    double[][] values = new double[groups.size()][resamples];
    for (int b = 0; b < resamples; b++) {
      INTERRUPTS.check();
      UniformRandomProvider random = Generators.of(seed, "bootstrap", 0, b);
      ImageResample resample = new ImageResample(images, random);
      for (int g = 0; g < values.length; g++) {
        int[] counts = counts(words.get(g), resample);
        values[g][b] = statistic.of(counts, random) / images;
      }
    }
    return values;
  }

  private int[] counts(long[][] draws, ImageResample resample) {
    int[] counts = new int[draws.length];
    for (int d = 0; d < draws.length; d++) {
      INTERRUPTS.check(counted++);
      counts[d] = resample.count(draws[d]);
    }
    return counts;
  }

  private static double mean(int[] counts, UniformRandomProvider random) {
    long sum = 0;
    for (int i = 1; i < counts.length; i++) {
      sum += counts[random.nextInt(counts.length)];
    }
    return sum / (counts.length - 1.0);
  }

  private static double median(int[] counts, UniformRandomProvider random) {
    double[] drawn = new double[counts.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = counts[random.nextInt(counts.length)];
    }
    return Median.withDefaults().evaluate(drawn);
  }

  private Estimate medianEstimate(List<BitSet> draws, double[] medians) {
    double[] counts = draws.stream().mapToDouble(BitSet::cardinality).toArray();
    double value = Median.withDefaults().evaluate(counts) / images;
    if (value == 0 || value == 1) {
      // Resamples hardly differ then; the images still are a sample.
      return Estimate.errorRate((int) Math.round(value * images), images, level);
    }
    MeanVariance variance =
        new MeanVariance(Variance.of(medians).getAsDouble(), draws.size() - 1.0);
    Interval interval = Intervals.symmetric(value, variance, level).interval();
    return new Estimate(
        value, new Interval(Math.max(0, interval.low()), Math.min(1, interval.high()), level));
  }

  private Estimate estimate(List<BitSet> draws, double[] means) {
    int wrong = draws.stream().mapToInt(BitSet::cardinality).sum();
    double value = (double) wrong / ((double) draws.size() * images);
    if (wrong == 0 || wrong == draws.size() * images) {
      // Resamples do not differ then; the images still are a sample.
      return Estimate.errorRate(wrong / draws.size(), images, level);
    }
    double[] drawMeans =
        draws.stream().mapToDouble(draw -> (double) draw.cardinality() / images).toArray();
    double[] imageMeans = imageMeans(draws);
    double reach = MeanVariance.of(drawMeans).plus(MeanVariance.of(imageMeans)).quantile(level);
    double bias = bias(value, means);
    double acceleration = acceleration(drawMeans, imageMeans);
    double[] ends =
        Quantile.withDefaults()
            .evaluate(
                means,
                percentile(bias, -reach, acceleration),
                percentile(bias, reach, acceleration));
    return new Estimate(
        value, new Interval(Math.min(value, ends[0]), Math.max(value, ends[1]), level));
  }

  /** How far the median of the resamples is off, in standard errors. */
  private static double bias(double value, double[] means) {
    double below =
        Arrays.stream(means).map(mean -> mean < value ? 1 : mean == value ? 0.5 : 0).sum();
    return NORMAL.inverseCumulativeProbability((below + 0.5) / (means.length + 1));
  }

  /** Efron's BCa: the percentile for a distance in standard errors. */
  private static double percentile(double bias, double distance, double acceleration) {
    double moved = bias + distance;
    return NORMAL.cumulativeProbability(bias + moved / (1 - acceleration * moved));
  }

  /** A sixth of the skewness of the mean, from the influence of every draw and every image. */
  private static double acceleration(double[] drawMeans, double[] imageMeans) {
    double squares = 0;
    double cubes = 0;
    for (double[] means : new double[][] {drawMeans, imageMeans}) {
      double mean = Intervals.mean(means);
      for (double value : means) {
        double influence = (value - mean) / means.length;
        squares += influence * influence;
        cubes += influence * influence * influence;
      }
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }
}
