package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.statistics.ImageResample;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.apache.commons.statistics.descriptive.Quantile;

/** The mean correlation of the errors of two networks. */
final class ErrorCorrelation {
  private static final Interrupts INTERRUPTS = Interrupts.during("images were resampled");

  private final long[][] networks;
  private final int images;
  private long compared;

  ErrorCorrelation(List<BitSet> networks, int images) {
    this.networks =
        networks.stream().map(wrong -> ImageResample.words(wrong, images)).toArray(long[][]::new);
    this.images = images;
  }

  Estimate mean(double level, int resamples, long seed) {
    double value =
        mean(i -> count(networks[i], networks[i]), (i, j) -> count(networks[i], networks[j]));
    double[] means = new double[resamples];
    for (int b = 0; b < resamples; b++) {
      ImageResample resample = new ImageResample(images, Generators.of(seed, "bootstrap", 0, b));
      means[b] =
          mean(
              i -> resample.count(networks[i]), (i, j) -> resample.count(networks[i], networks[j]));
    }
    double tail = (1 - level) / 2;
    double[] ends = Quantile.withDefaults().evaluate(means, tail, 1 - tail);
    return new Estimate(
        value, new Interval(Math.min(value, ends[0]), Math.max(value, ends[1]), level));
  }

  /** Phi of every pair; a network that does not vary in a resample is left out of it. */
  private double mean(IntUnaryOperator wrong, IntBinaryOperator bothWrong) {
    double[] rates = new double[networks.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = (double) wrong.applyAsInt(i) / images;
    }
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < rates.length; i++) {
      for (int j = 0; j < i; j++) {
        INTERRUPTS.check(compared++);
        double scale = rates[i] * (1 - rates[i]) * rates[j] * (1 - rates[j]);
        if (scale > 0) {
          double covariance = (double) bothWrong.applyAsInt(i, j) / images - rates[i] * rates[j];
          sum += covariance / Math.sqrt(scale);
          pairs++;
        }
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  }

  private static int count(long[] a, long[] b) {
    int count = 0;
    for (int w = 0; w < a.length; w++) {
      count += Long.bitCount(a[w] & b[w]);
    }
    return count;
  }
}
