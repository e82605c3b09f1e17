package io.github.resnetensembles.model;

import io.github.resnetensembles.lesion.Measures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each wiring got right in one batch, and after them what the average of some wirings did: the
 * prediction with the mean of their log-probabilities. Not thread-safe.
 */
final class BatchTallies {
  private final List<TallyBuilder> wirings = new ArrayList<>();
  private final Set<Integer> averaged;
  private final TallyBuilder average;
  private final int[] labels;
  private final double[] meanLogProbabilities;
  private final int watched;
  private double @Nullable [] ofWatched;

  /**
   * With no logits yet.
   *
   * @param averaged the wirings to average; none if there is to be no average
   * @param watched the wiring whose logits are kept; -1 if none is
   */
  BatchTallies(
      int wirings,
      Set<Integer> averaged,
      int watched,
      int firstRecord,
      int[] labels,
      int classes,
      Measures measures) {
    for (int i = 0; i < wirings; i++) {
      this.wirings.add(new TallyBuilder(firstRecord, classes, measures));
    }
    this.averaged = averaged;
    this.average = new TallyBuilder(firstRecord, classes, measures);
    this.labels = labels;
    this.watched = watched;
    this.meanLogProbabilities = new double[averaged.isEmpty() ? 0 : labels.length * classes];
  }

  /** Adds the logits of a wiring, laid out (N, classes). */
  void add(int wiring, double[] logits) {
    wirings.get(wiring).add(logits, labels);
    if (wiring == watched) {
      ofWatched = logits;
    }
    if (averaged.contains(wiring)) {
      int classes = logits.length / labels.length;
      for (int offset = 0; offset < logits.length; offset += classes) {
        double logSum = TallyBuilder.logSumOfExponentials(logits, offset, classes);
        for (int c = offset; c < offset + classes; c++) {
          meanLogProbabilities[c] += (logits[c] - logSum) / averaged.size();
        }
      }
    }
  }

  /** The logits of the wiring that is watched; null if none is. */
  double @Nullable [] ofWatched() {
    return ofWatched;
  }

  /** One for each wiring; the average's after them, if there is one. */
  List<TallyBuilder> all() {
    if (averaged.isEmpty()) {
      return wirings;
    }
    average.add(meanLogProbabilities, labels);
    List<TallyBuilder> all = new ArrayList<>(wirings);
    all.add(average);
    return all;
  }
}
