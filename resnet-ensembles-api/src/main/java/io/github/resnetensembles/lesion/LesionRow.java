package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

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
        "*planned deleted? order?=changedOrder kendallTau? wrong total"
            + " skipped?=someSkipped errorRate loss"
            + " nonFinite classTotals classWrong tallies")
public record LesionRow(PlannedLesion planned, List<Integer> order, List<Tally> tallies) {
  /**
   * Copies the lists and checks the tallies.
   *
   * @param planned the lesion
   * @param order the block numbers in the order they were run
   * @param tallies one for each disjoint range of records
   * @throws IllegalArgumentException if there is none, they are not disjoint and in order, or they
   *     count different numbers of classes
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
    return Tallies.wrongImages(tallies);
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
