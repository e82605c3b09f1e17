package io.github.resnetensembles.model;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.internal.running.Predictions;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.Tally;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts right and wrong predictions of consecutive records. Not thread-safe. */
final class TallyBuilder {
  private final int from;
  private final int[] classTotals;
  private final int[] classWrong;
  private final BitSet correct = new BitSet();
  private final BitSet skipped = new BitSet();
  private final BitSet top5 = new BitSet();
  private final Measures measures;
  private final Map<String, Tally.MetricSum> metrics = new LinkedHashMap<>();
  private final ImmutableDoubleArray.Builder losses = ImmutableDoubleArray.builder();
  private final ImmutableDoubleArray.Builder margins = ImmutableDoubleArray.builder();
  private int records;
  private int nonFinite;
  private BigInteger lossUnits = BigInteger.ZERO;

  TallyBuilder(int from, int classes, Measures measures) {
    this.from = from;
    this.measures = measures;
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
    top5.set(records, finite && Predictions.inTop5(logits, offset, classes, label));
    classTotals[label]++;
    if (!right) {
      classWrong[label]++;
    }
    if (measures.imageValues()) {
      losses.add(loss);
      margins.add(finite ? margin(logits, offset, classes, label) : Double.NaN);
    }
    measures
        .metrics()
        .forEach(
            (name, metric) ->
                metrics.merge(
                    name,
                    value(
                        name, metric, Arrays.copyOfRange(logits, offset, offset + classes), label),
                    Tally.MetricSum::plus));
  }

  private Tally.MetricSum value(String name, Measures.Metric metric, double[] logits, int label) {
    double value = metric.of(logits, label);
    try {
      return Tally.MetricSum.of(value);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          "the metric '%s' gives %s for record %s of class %s: %s"
              .formatted(name, value, from + records, label, e.getMessage()),
          e);
    }
  }

  private static double margin(double[] logits, int offset, int classes, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      if (c != label) {
        largest = Math.max(largest, logits[offset + c]);
      }
    }
    return logits[offset + label] - largest;
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
    next.top5.stream().forEach(bit -> top5.set(records + bit));
    for (int c = 0; c < classTotals.length; c++) {
      classTotals[c] += next.classTotals[c];
      classWrong[c] += next.classWrong[c];
    }
    records += next.records;
    nonFinite += next.nonFinite;
    lossUnits = lossUnits.add(next.lossUnits);
    next.metrics.forEach((name, sum) -> metrics.merge(name, sum, Tally.MetricSum::plus));
    losses.addAll(next.losses.build());
    margins.addAll(next.margins.build());
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
    Tally tally =
        Tally.of(from, correct, skipped, nonFinite, lossUnits, list(classTotals), list(classWrong));
    Tally counted = classTotals.length < Tally.TOP5_CLASSES ? tally : tally.withTop5(top5);
    Tally measured = measures.metrics().isEmpty() ? counted : counted.withMetrics(metrics);
    return measures.imageValues()
        ? measured.withImageValues(
            Tally.ImageValues.of(losses.build().toArray(), margins.build().toArray()))
        : measured;
  }

  private static List<Integer> list(int[] values) {
    List<Integer> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add(value);
    }
    return list;
  }
}
