package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

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
 * @param top5Bits one bit for each record in order, likewise, set if its class was among the five
 *     largest logits (of equal ones the lower class numbers count first) and all logits were
 *     finite; empty if there are fewer than {@value #TOP5_CLASSES} classes, or in results of older
 *     versions
 * @param metrics the sums of {@linkplain Measures#metrics() metrics}, by name
 * @param imageValues loss and margin of each record, if they were {@linkplain
 *     Measures#imageValues() asked for}
 */
@JsonForm(
    fields =
        "from total wrong nonFinite lossUnits classTotals classWrong correct=correctBits"
            + " skipped?=skippedBits top5?=top5Bits metrics? images?=imageValues")
public record Tally(
    int from,
    int total,
    int wrong,
    int nonFinite,
    BigInteger lossUnits,
    List<Integer> classTotals,
    List<Integer> classWrong,
    String correctBits,
    Optional<String> skippedBits,
    Optional<String> top5Bits,
    Map<String, MetricSum> metrics,
    Optional<ImageValues> imageValues) {
  /** From so many classes on, the five largest logits are looked at beside the largest. */
  public static final int TOP5_CLASSES = 11;

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
   * @param top5Bits one bit for each record in order, empty if the five largest were not looked at
   * @param metrics the sums of metrics, by name; copied, in the order of their names
   * @param imageValues loss and margin of each record
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
    Tallies.checkTop5(classTotals.size(), correctBits, skippedBits, top5Bits);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    Tallies.checkMeasures(total, metrics, imageValues);
  }

  /**
   * The exact sum of a metric over images: its values are rounded to multiples of 2^-100, so that
   * adding in any order gives the same bits.
   *
   * @param sum of the values, in units of 2^-100
   * @param squares the sum of their squares, in units of 2^-200
   */
  public record MetricSum(BigInteger sum, BigInteger squares) {
    /**
     * Checks the components.
     *
     * @param sum of the values
     * @param squares of their squares
     * @throws IllegalArgumentException if the sum of squares is negative
     */
    public MetricSum {
      Require.present("sum", sum);
      if (squares.signum() < 0) {
        throw new InvalidInputException("a sum of squares is at least 0, got " + squares);
      }
    }

    /**
     * {@return the sum of one value}
     *
     * @param value finite, at most 2^100 in absolute value
     * @throws IllegalArgumentException if it is not
     */
    public static MetricSum of(double value) {
      BigInteger units = MetricSums.units(value);
      return new MetricSum(units, units.multiply(units));
    }

    /**
     * {@return the sum over the images of both}
     *
     * @param other over other images
     */
    public MetricSum plus(MetricSum other) {
      return new MetricSum(sum.add(other.sum), squares.add(other.squares));
    }
  }

  /**
   * Loss and margin of each record that was evaluated, in order. Values are doubles, each in 8
   * bytes, the lowest first, in Base64; NaN where logits or loss were not finite.
   *
   * @param losses the cross-entropies, in nats
   * @param margins the logit of each record's class less the largest of the others
   */
  public record ImageValues(String losses, String margins) {
    /**
     * Checks the components.
     *
     * @param losses the cross-entropies
     * @param margins the margins
     * @throws IllegalArgumentException if they are not equally many, or no doubles
     */
    public ImageValues {
      Tallies.checkDoubles(losses, margins);
    }

    /**
     * {@return the values of some records}
     *
     * @param losses the cross-entropies, in nats
     * @param margins as many
     */
    public static ImageValues of(double[] losses, double[] margins) {
      return new ImageValues(Tallies.encode(losses), Tallies.encode(margins));
    }

    /** {@return the losses as numbers} */
    public double[] lossValues() {
      return Tallies.decodeDoubles(losses);
    }

    /** {@return the margins as numbers} */
    public double[] marginValues() {
      return Tallies.decodeDoubles(margins);
    }
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
        Optional.empty(),
        Optional.empty(),
        Map.of(),
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
        skipped.isEmpty() ? Optional.empty() : Optional.of(Tallies.encode(skipped, records)),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /**
   * Says which records had their class among the five largest logits, too.
   *
   * @param top5 bit 0 being record {@code from}; all that were classified correctly are among them
   * @return the changed copy
   * @throws IllegalArgumentException if they are not, a record was skipped or is none of these, or
   *     there are fewer than {@value #TOP5_CLASSES} classes
   */
  public Tally withTop5(BitSet top5) {
    if (top5.length() > end() - from) {
      throw new InvalidInputException(
          "the bits of the five largest name a record behind the last of " + (end() - from));
    }
    return with(Optional.of(Tallies.encode(top5, end() - from)), metrics, imageValues);
  }

  /**
   * Sets the sums of metrics over the same records.
   *
   * @param newMetrics by name
   * @return the changed copy
   * @throws IllegalArgumentException if a name is none, or a sum cannot be one of as many values
   */
  public Tally withMetrics(Map<String, MetricSum> newMetrics) {
    return with(top5Bits, newMetrics, imageValues);
  }

  /**
   * Sets loss and margin of each of the records that were evaluated.
   *
   * @param values as many
   * @return the changed copy
   * @throws IllegalArgumentException if they are not as many
   */
  public Tally withImageValues(ImageValues values) {
    return with(top5Bits, metrics, Optional.of(values));
  }

  private Tally with(
      Optional<String> newTop5, Map<String, MetricSum> newMetrics, Optional<ImageValues> values) {
    return new Tally(
        from,
        total,
        wrong,
        nonFinite,
        lossUnits,
        classTotals,
        classWrong,
        correctBits,
        skippedBits,
        newTop5,
        newMetrics,
        values);
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

  /**
   * {@return which records had their class among the five largest logits, bit 0 being record {@code
   * from}; empty if that was not looked at}
   */
  public Optional<BitSet> top5() {
    return top5Bits.map(Tallies::decode);
  }

  /** {@return how many records did not; empty if that was not looked at} */
  public OptionalInt top5Wrong() {
    return top5()
        .map(bits -> OptionalInt.of(total - bits.cardinality()))
        .orElse(OptionalInt.empty());
  }
}
