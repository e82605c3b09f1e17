package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.statistics.ImageResample;
import io.github.resnetensembles.lesion.LesionStatistics.DamageShares;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Shares of damage, with intervals from resampling images: see LesionStatistics.damageShares(). */
final class DamageBootstrap {
  private static final Interrupts INTERRUPTS = Interrupts.during("images were resampled");

  private final Outcomes outcomes;
  private final double chance;
  private final double level;

  /**
   * Prepares the bootstrap.
   *
   * @param chance the error rate of guessing
   */
  DamageBootstrap(Outcomes outcomes, double chance, double level) {
    this.outcomes = outcomes;
    this.chance = chance;
    this.level = level;
    Estimate intact =
        Estimate.errorRate(outcomes.baseline().cardinality(), outcomes.images(), level);
    if (intact.interval().high() >= chance) {
      throw new InvalidInputException(
          ("the intact network has the error rate %s, not below that of chance, %s, so that it has"
                  + " nothing to lose; take a network that learned, or more images")
              .formatted(intact.value(), chance));
    }
  }

  DamageShares shares(int resamples, long seed) {
    int images = outcomes.images();
    long[] intact = ImageResample.words(outcomes.baseline(), images);
    long[][] rows =
        outcomes.rows().stream()
            .map(wrong -> ImageResample.words(wrong, images))
            .toArray(long[][]::new);
    double[] medians = new double[resamples];
    double[] means = new double[resamples];
    long counted = 0;
    for (int b = 0; b < resamples; b++) {
      ImageResample resample = new ImageResample(images, Generators.of(seed, "bootstrap", 0, b));
      double[] shares = new double[rows.length];
      int intactWrong = resample.count(intact);
      for (int i = 0; i < rows.length; i++) {
        INTERRUPTS.check(counted++);
        shares[i] = share(resample.count(rows[i]), intactWrong);
      }
      medians[b] = Median.withDefaults().evaluate(shares);
      means[b] = mean(shares);
    }
    double[] measured = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      measured[i] = share(outcomes.rows().get(i).cardinality(), outcomes.baseline().cardinality());
    }
    Interval typical = paired(typicalRow());
    double median = Median.withDefaults().evaluate(measured);
    double mean = mean(measured);
    double half = (typical.high() - typical.low()) / 2;
    return new DamageShares(
        estimate(median, medians, typical.low(), typical.high()),
        estimate(mean, means, mean - half / rows.length, mean + half / rows.length));
  }

  private double share(int wrong, int intactWrong) {
    double room = chance * outcomes.images() - intactWrong;
    return (wrong - intactWrong) / room;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The row in the middle, by its errors. */
  private BitSet typicalRow() {
    List<BitSet> sorted =
        outcomes.rows().stream().sorted(Comparator.comparingInt(BitSet::cardinality)).toList();
    return sorted.get(sorted.size() / 2);
  }

  /**
   * The interval of one row's share by Agresti and Min 2005: half an image more of each kind, so
   * that it has a width even where no image changed.
   */
  private Interval paired(BitSet wrong) {
    int both = Outcomes.common(wrong, outcomes.baseline());
    double lost = wrong.cardinality() - both + 0.5;
    double won = outcomes.baseline().cardinality() - both + 0.5;
    double images = outcomes.images() + 2.0;
    double difference = (lost - won) / images;
    double error = Math.sqrt(lost + won - (lost - won) * (lost - won) / images) / images;
    double half = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - level) / 2) * error;
    double room = chance - (double) outcomes.baseline().cardinality() / outcomes.images();
    return new Interval((difference - half) / room, (difference + half) / room, level);
  }

  /** Percentiles; at least as wide as given, for where hardly any image changes. */
  private Estimate estimate(double value, double[] resampled, double low, double high) {
    double tail = (1 - level) / 2;
    double[] ends = Quantile.withDefaults().evaluate(resampled, tail, 1 - tail);
    boolean wide = ends[1] - ends[0] >= high - low;
    return new Estimate(
        value,
        new Interval(
            Math.min(value, wide ? ends[0] : Math.min(ends[0], low)),
            Math.max(value, wide ? ends[1] : Math.max(ends[1], high)),
            level));
  }
}
