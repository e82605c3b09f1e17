package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One row of a {@link LesionReport}: a lesion and how the damaged network did.
 *
 * @param planned the lesion, with its k and draw
 * @param order the block numbers in the order they were run
 * @param tallies one for each disjoint range of records, by first record; at least one, and one
 *     unless results were merged
 */
@JsonForm(
    fields =
        "*planned deleted? order?=changedOrder kendallTau? wrong top5Wrong? total"
            + " skipped?=someSkipped errorRate loss"
            + " nonFinite classTotals classWrong metrics? tallies")
public record LesionRow(PlannedLesion planned, List<Integer> order, List<Tally> tallies) {
  /**
   * Copies the lists and checks the tallies.
   *
   * @param planned the lesion
   * @param order the block numbers in the order they were run
   * @param tallies one for each disjoint range of records
   * @throws IllegalArgumentException if there is none, they are not disjoint and in order, or they
   *     count different numbers of classes or other metrics
   */
  public LesionRow {
    Require.present("planned", planned);
    order = List.copyOf(order);
    tallies = List.copyOf(tallies);
    LesionReports.checkTallies(planned, order, tallies);
  }

  /** {@return the damage} */
  public Lesion lesion() {
    return planned.lesion();
  }

  /** {@return the wrong predictions} */
  public int wrong() {
    return tallies.stream().mapToInt(Tally::wrong).sum();
  }

  /**
   * {@return how many images did not have their class among the five largest logits; empty if that
   * was not looked at: with fewer than {@value Tally#TOP5_CLASSES} classes, or in results of older
   * versions}
   */
  public OptionalInt top5Wrong() {
    return tallies.stream().allMatch(tally -> tally.top5Bits().isPresent())
        ? OptionalInt.of(tallies.stream().mapToInt(tally -> tally.top5Wrong().orElseThrow()).sum())
        : OptionalInt.empty();
  }

  /** {@return the number of images that were evaluated} */
  public int total() {
    return tallies.stream().mapToInt(Tally::total).sum();
  }

  /** {@return how many images had logits or a loss that were not finite} */
  public int nonFinite() {
    return tallies.stream().mapToInt(Tally::nonFinite).sum();
  }

  /** {@return wrong / total, in [0, 1]} */
  public double errorRate() {
    return (double) wrong() / total();
  }

  /** {@return the mean cross-entropy in nats; empty if one image's was not finite} */
  public OptionalDouble loss() {
    return Tallies.loss(tallies);
  }

  /** {@return the mean of each metric over the images, by name: {@link Measures#metrics()}} */
  public Map<String, Double> metrics() {
    Map<String, Double> means = new TreeMap<>();
    tallies.get(0).metrics().keySet().forEach(name -> means.put(name, metric(name)));
    return means;
  }

  private double metric(String name) {
    return MetricSums.mean(metricSum(name), total());
  }

  /** Over all images. */
  Tally.MetricSum metricSum(String name) {
    return MetricSums.of(tallies, name);
  }

  /**
   * {@return loss and margin of each image, the i-th of the records that were evaluated; empty
   * unless they were {@linkplain Measures#imageValues() asked for}}
   */
  public Optional<Tally.ImageValues> imageValues() {
    if (tallies.get(0).imageValues().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        tallies.size() == 1
            ? tallies.get(0).imageValues().get()
            : Tally.ImageValues.of(
                all(Tally.ImageValues::lossValues), all(Tally.ImageValues::marginValues)));
  }

  private double[] all(Function<Tally.ImageValues, double[]> values) {
    return tallies.stream()
        .flatMapToDouble(tally -> Arrays.stream(values.apply(tally.imageValues().orElseThrow())))
        .toArray();
  }

  /** {@return the images of each class} */
  public List<Integer> classTotals() {
    return Tallies.sum(tallies, Tally::classTotals);
  }

  /** {@return the wrong predictions of each class} */
  public List<Integer> classWrong() {
    return Tallies.sum(tallies, Tally::classWrong);
  }

  /** {@return the records that were classified correctly, by their numbers in the data set} */
  public BitSet correctRecords() {
    BitSet correct = new BitSet();
    tallies.forEach(
        tally -> tally.correct().stream().forEach(bit -> correct.set(tally.from() + bit)));
    return correct;
  }

  /** {@return the numbers in the data set of the records that were evaluated, not skipped} */
  public BitSet records() {
    BitSet records = new BitSet();
    tallies.forEach(
        tally -> {
          records.set(tally.from(), tally.end());
          tally.skipped().stream().forEach(bit -> records.clear(tally.from() + bit));
        });
    return records;
  }

  /** {@return how many records were skipped, because their images are damaged} */
  public int skipped() {
    return tallies.stream().mapToInt(tally -> tally.skipped().cardinality()).sum();
  }

  /** Only where there are any. */
  OptionalInt someSkipped() {
    return skipped() > 0 ? OptionalInt.of(skipped()) : OptionalInt.empty();
  }

  /** {@return which images were wrong: bit i is the i-th of the records that were evaluated} */
  public BitSet wrongImages() {
    return Tallies.wrongImages(tallies, Tally::correct);
  }

  /** As {@link #wrongImages()}, of the five largest logits; these were looked at. */
  BitSet top5WrongImages() {
    return Tallies.wrongImages(tallies, tally -> tally.top5().orElseThrow());
  }

  /**
   * {@return Kendall's rank correlation tau-a between the original order of all n blocks and the
   * order they were run in, in [-1, 1]; empty unless the row's lesion swaps or reorders}
   */
  public OptionalDouble kendallTau() {
    return lesion().reorders()
        ? OptionalDouble.of(Tallies.kendallTau(order.stream().distinct().toList()))
        : OptionalDouble.empty();
  }

  /** The order, if the lesion is about it. */
  List<Integer> changedOrder() {
    return kendallTau().isPresent() ? order : List.of();
  }

  /** The blocks that deletions name. */
  Set<Integer> deleted() {
    Set<Integer> blocks = new TreeSet<>();
    for (Lesion part : Wirings.parts(lesion())) {
      if (part instanceof Lesion.Delete delete) {
        blocks.addAll(delete.blocks());
      }
    }
    return blocks;
  }
}
