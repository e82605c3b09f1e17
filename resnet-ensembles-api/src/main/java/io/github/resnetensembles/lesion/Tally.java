package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.JsonForm;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How one wiring did on a range of records of one data set. Records that were skipped, because
 * their images are damaged, keep their numbers and count nowhere.
 *
 * @param from the first record's number in the data set, from 0
 * @param total the number of records that were evaluated
 * @param wrong how many were not classified correctly (top 1; the lowest class number wins a tie);
 *     an image whose logits are not all finite is wrong
 * @param nonFinite how many images had logits or a loss that were not finite
 * @param lossUnits the sum of the finite losses, in units of 2^-32 nat: exact, so that adding in
 *     any order gives the same bits
 * @param classTotals the records of each class
 * @param classWrong the wrong ones of each class
 * @param correctBits one bit for each record in order, set if it was classified correctly, lowest
 *     bit of the first byte first, in Base64
 * @param skippedBits one bit for each record in order, set if it was skipped, likewise; empty if
 *     none was
 */
@JsonForm(
    fields =
        "from total wrong nonFinite lossUnits classTotals classWrong correct=correctBits"
            + " skipped?=skippedBits")
public record Tally(
    int from,
    int total,
    int wrong,
    int nonFinite,
    BigInteger lossUnits,
    List<Integer> classTotals,
    List<Integer> classWrong,
    String correctBits,
    Optional<String> skippedBits) {
  /**
   * Copies the lists and checks that the counts agree.
   *
   * @param from the first record's number in the data set
   * @param total the number of records that were evaluated
   * @param wrong how many were not classified correctly
   * @param nonFinite how many images had logits or a loss that were not finite
   * @param lossUnits the sum of the finite losses
   * @param classTotals the records of each class
   * @param classWrong the wrong ones of each class
   * @param correctBits one bit for each record in order
   * @param skippedBits one bit for each record in order, empty if none was skipped
   * @throws IllegalArgumentException if they do not, one is negative, or a class has more wrong
   *     records than records
   */
  public Tally {
    classTotals = List.copyOf(classTotals);
    classWrong = List.copyOf(classWrong);
    Tallies.check(
        from,
        total,
        wrong,
        nonFinite,
        lossUnits,
        classTotals,
        classWrong,
        correctBits,
        skippedBits);
  }

  /**
   * A tally of records of which none was skipped.
   *
   * @param from the first record's number in the data set
   * @param total the number of records
   * @param wrong how many were not classified correctly
   * @param nonFinite how many images had logits or a loss that were not finite
   * @param lossUnits the sum of the finite losses
   * @param classTotals the records of each class
   * @param classWrong the wrong ones of each class
   * @param correctBits one bit for each record in order
   * @throws IllegalArgumentException if the counts do not agree
   */
  public Tally(
      int from,
      int total,
      int wrong,
      int nonFinite,
      BigInteger lossUnits,
      List<Integer> classTotals,
      List<Integer> classWrong,
      String correctBits) {
    this(
        from,
        total,
        wrong,
        nonFinite,
        lossUnits,
        classTotals,
        classWrong,
        correctBits,
        Optional.empty());
  }

  /**
   * A tally of images that were counted.
   *
   * @param from the first record's number in the data set
   * @param correct which records were classified correctly, bit 0 being record {@code from}
   * @param nonFinite how many images had logits or a loss that were not finite
   * @param lossUnits the sum of the finite losses, each in {@linkplain #lossUnits(double) units}
   * @param classTotals the records of each class
   * @param classWrong the wrong ones of each class
   * @return the tally
   * @throws IllegalArgumentException if the counts do not agree
   */
  public static Tally of(
      int from,
      BitSet correct,
      int nonFinite,
      BigInteger lossUnits,
      List<Integer> classTotals,
      List<Integer> classWrong) {
    return of(from, correct, new BitSet(), nonFinite, lossUnits, classTotals, classWrong);
  }

  /**
   * A tally of images that were counted, and of some that were skipped.
   *
   * @param from the first record's number in the data set
   * @param correct which records were classified correctly, bit 0 being record {@code from}
   * @param skipped which records were skipped, likewise
   * @param nonFinite how many images had logits or a loss that were not finite
   * @param lossUnits the sum of the finite losses, each in {@linkplain #lossUnits(double) units}
   * @param classTotals the evaluated records of each class
   * @param classWrong the wrong ones of each class
   * @return the tally
   * @throws IllegalArgumentException if the counts do not agree
   */
  public static Tally of(
      int from,
      BitSet correct,
      BitSet skipped,
      int nonFinite,
      BigInteger lossUnits,
      List<Integer> classTotals,
      List<Integer> classWrong) {
    int total = classTotals.stream().mapToInt(count -> count).sum();
    int records = total + skipped.cardinality();
    return new Tally(
        from,
        total,
        classWrong.stream().mapToInt(count -> count).sum(),
        nonFinite,
        lossUnits,
        classTotals,
        classWrong,
        Tallies.encode(correct, records),
        skipped.isEmpty() ? Optional.empty() : Optional.of(Tallies.encode(skipped, records)));
  }

  /**
   * A loss in the unit of {@link #lossUnits()}, 2^-32 nat.
   *
   * @param loss of one image, finite
   * @return the nearest integer
   */
  public static BigInteger lossUnits(double loss) {
    return Tallies.units(loss);
  }

  /** {@return the record after the last one} */
  public int end() {
    return from + total + skipped().cardinality();
  }

  /** {@return which records were skipped, bit 0 being record {@code from}} */
  public BitSet skipped() {
    return skippedBits.map(Tallies::decode).orElseGet(BitSet::new);
  }

  /** {@return which records were classified correctly, bit 0 being record {@code from}} */
  public BitSet correct() {
    return Tallies.decode(correctBits);
  }
}
