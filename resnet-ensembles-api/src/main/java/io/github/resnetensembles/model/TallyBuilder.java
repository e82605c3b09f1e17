package io.github.resnetensembles.model;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.internal.running.Predictions;
import io.github.resnetensembles.lesion.Tally;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Counts right and wrong predictions of consecutive records. Not thread-safe. */
final class TallyBuilder {
  private final int from;
  private final int[] classTotals;
  private final int[] classWrong;
  private final BitSet correct = new BitSet();
  private final BitSet skipped = new BitSet();
  private int records;
  private int nonFinite;
  private BigInteger lossUnits = BigInteger.ZERO;

  TallyBuilder(int from, int classes) {
    this.from = from;
    this.classTotals = new int[classes];
    this.classWrong = new int[classes];
  }

  /** Adds a batch's logits, laid out (N, classes). */
  void add(double[] logits, int[] labels) {
    int classes = classTotals.length;
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] == ImageBatch.SKIPPED) {
        skipped.set(records);
      } else {
        addImage(logits, n * classes, labels[n]);
      }
      records++;
    }
  }

  private void addImage(double[] logits, int offset, int label) {
    int classes = classTotals.length;
    boolean finite = true;
    for (int c = 0; c < classes; c++) {
      finite &= Double.isFinite(logits[offset + c]);
    }
    double loss = finite ? crossEntropy(logits, offset, classes, label) : Double.NaN;
    if (Double.isFinite(loss)) {
      lossUnits = lossUnits.add(Tally.lossUnits(loss));
    } else {
      nonFinite++;
    }
    boolean right = finite && Predictions.of(logits, offset, classes) == label;
    correct.set(records, right);
    classTotals[label]++;
    if (!right) {
      classWrong[label]++;
    }
  }

  private static double crossEntropy(double[] logits, int offset, int classes, int label) {
    return logSumOfExponentials(logits, offset, classes) - logits[offset + label];
  }

  /** The logarithm of the sum of the exponentials of one image's logits. */
  static double logSumOfExponentials(double[] logits, int offset, int classes) {
    double max = logits[offset];
    for (int c = 1; c < classes; c++) {
      max = Math.max(max, logits[offset + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(logits[offset + c] - max);
    }
    return StrictMath.log(sum) + max;
  }

  /** Appends the records that follow this builder's. */
  void append(TallyBuilder next) {
    next.correct.stream().forEach(bit -> correct.set(records + bit));
    next.skipped.stream().forEach(bit -> skipped.set(records + bit));
    for (int c = 0; c < classTotals.length; c++) {
      classTotals[c] += next.classTotals[c];
      classWrong[c] += next.classWrong[c];
    }
    records += next.records;
    nonFinite += next.nonFinite;
    lossUnits = lossUnits.add(next.lossUnits);
  }

  /**
   * The tally.
   *
   * @throws InvalidImagesException if every record was skipped
   */
  Tally build() {
    if (skipped.cardinality() == records) {
      throw new InvalidImagesException(
          "all %s images from record %s on are damaged and were skipped; nothing was evaluated"
              .formatted(records, from));
    }
    return Tally.of(
        from, correct, skipped, nonFinite, lossUnits, list(classTotals), list(classWrong));
  }

  private static List<Integer> list(int[] values) {
    List<Integer> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add(value);
    }
    return list;
  }
}
