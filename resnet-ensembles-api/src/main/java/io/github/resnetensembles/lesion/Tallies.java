package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Arithmetic of tallies. */
final class Tallies {
  /** Losses are summed in units of 2^-32 nat. */
  private static final int LOSS_FRACTION_BITS = 32;

  private Tallies() {}

  static void check(
      int from,
      int total,
      int wrong,
      int nonFinite,
      BigInteger lossUnits,
      List<Integer> classTotals,
      List<Integer> classWrong,
      String correctBits,
      Optional<String> skippedBits) {
    BitSet skipped = skipped(correctBits, skippedBits);
    long records = (long) total + skipped.cardinality();
    if (from < 0 || total < 1 || from > Integer.MAX_VALUE - records) {
      throw new InvalidInputException(
          ("a tally covers at least one record from 0 on, and none above 2^31 - 2, got"
                  + " %s from %s")
              .formatted(total, from));
    }
    if (lossUnits.signum() < 0) {
      throw new InvalidInputException("a sum of losses is at least 0, got " + lossUnits);
    }
    checkClasses(total, wrong, classTotals, classWrong);
    BitSet correct = checkedBits((int) records, correctBits);
    if (correct.intersects(skipped) || skipped.length() > records) {
      throw new InvalidInputException(
          "the bits of skipped records name one that was correct, or lies behind the last");
    }
    if (correct.cardinality() != total - wrong) {
      throw new InvalidInputException(
          "the correctness bits hold %s correct records, the counts %s"
              .formatted(correct.cardinality(), total - wrong));
    }
    if (nonFinite < 0 || nonFinite > total) {
      throw new InvalidInputException(nonFinite + " of " + total + " records are not finite");
    }
  }

  /** What is the largest is among the five largest, and what was skipped is not. */
  static void checkTop5(
      int classes, String correctBits, Optional<String> skippedBits, Optional<String> bits) {
    if (bits.isEmpty()) {
      return;
    }
    String top5Bits = bits.get();
    if (classes < Tally.TOP5_CLASSES) {
      throw new InvalidInputException(
          "the five largest of %s classes are not looked at, only of %s or more"
              .formatted(classes, Tally.TOP5_CLASSES));
    }
    // Lengths first: the bits of a file are not to be unpacked before they are known to fit.
    if (top5Bits.length() != correctBits.length()) {
      throw new InvalidInputException(
          "the bits of the five largest are as many as the correctness bits, got %s and %s characters"
              .formatted(top5Bits.length(), correctBits.length()));
    }
    BitSet top5 = decode(top5Bits);
    BitSet others = decode(correctBits);
    others.andNot(top5);
    if (!others.isEmpty()
        || skippedBits.map(Tallies::decode).filter(top5::intersects).isPresent()) {
      throw new InvalidInputException(
          "the bits of the five largest leave out a record that was correct, or name one that was"
              + " skipped");
    }
  }

  static void checkMeasures(
      int total, Map<String, Tally.MetricSum> metrics, Optional<Tally.ImageValues> values) {
    metrics.forEach((name, sum) -> MetricSums.check(name, sum, total));
    if (values.isPresent() && values.get().lossValues().length != total) {
      throw new InvalidInputException(
          "%s records were evaluated, but losses and margins are of %s"
              .formatted(total, values.get().lossValues().length));
    }
  }

  /** There is at least one, where the bits are told at all. */
  private static BitSet skipped(String correctBits, Optional<String> bits) {
    if (bits.isEmpty()) {
      return new BitSet();
    }
    // Lengths first: the bits of a file are not to be unpacked before they are known to fit.
    BitSet skipped =
        bits.get().length() == correctBits.length() ? decode(bits.get()) : new BitSet();
    if (skipped.isEmpty()) {
      throw new InvalidInputException(
          "the bits of skipped records are as many as the correctness bits, and some are set");
    }
    return skipped;
  }

  private static void checkClasses(
      int total, int wrong, List<Integer> classTotals, List<Integer> classWrong) {
    if (classTotals.size() != classWrong.size()
        || sum(classTotals) != total
        || sum(classWrong) != wrong) {
      throw new InvalidInputException(
          "the class counts do not add up to " + wrong + " wrong of " + total);
    }
    if (classTotals.size() < 2) {
      throw new InvalidInputException(
          "a tally has the counts of at least 2 classes, got " + classTotals.size());
    }
    for (int i = 0; i < classTotals.size(); i++) {
      if (classWrong.get(i) < 0 || classWrong.get(i) > classTotals.get(i)) {
        throw new InvalidInputException(
            String.format(
                "class %s has %s wrong of %s records; counts are at least 0, and no more are wrong"
                    + " than there are",
                i, classWrong.get(i), classTotals.get(i)));
      }
    }
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(count -> count).sum();
  }

  private static BitSet checkedBits(int total, String correctBits) {
    // Lengths first: the bits of a file are not to be unpacked before they are known to fit.
    long bytes = (total + 7L) / 8;
    if (correctBits.length() != (bytes + 2) / 3 * 4) {
      throw new InvalidInputException(
          String.format(
              "the correctness bits of %s records are %s bytes in Base64, got %s characters",
              total, bytes, correctBits.length()));
    }
    BitSet correct = decode(correctBits);
    if (correct.length() > total) {
      throw new InvalidInputException(
          "the correctness bits name a record behind the last of " + total);
    }
    return correct;
  }

  static BitSet decode(String bits) {
    return BitSet.valueOf(Base64.getDecoder().decode(bits));
  }

  static String encode(BitSet bits, int size) {
    byte[] bytes = bits.toByteArray();
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, (size + 7) / 8));
  }

  static void checkDoubles(String losses, String margins) {
    byte[] first;
    byte[] second;
    try {
      first = Base64.getDecoder().decode(losses);
      second = Base64.getDecoder().decode(margins);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("losses and margins are doubles in Base64", e);
    }
    if (first.length % Double.BYTES != 0 || first.length != second.length) {
      throw new InvalidInputException(
          "losses and margins are equally many doubles of 8 bytes, got %s and %s bytes"
              .formatted(first.length, second.length));
    }
  }

  static double[] decodeDoubles(String values) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(values)).order(ByteOrder.LITTLE_ENDIAN);
    double[] doubles = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(doubles);
    return doubles;
  }

  static String encode(double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** A loss in units of 2^-32 nat, rounded to the nearest. */
  static BigInteger units(double loss) {
    return units(loss, LOSS_FRACTION_BITS);
  }

  /** A number in units of a power of two, rounded to the nearest. */
  static BigInteger units(double value, int fractionBits) {
    double scaled = Math.rint(Math.scalb(value, fractionBits));
    return Math.abs(scaled) < 0x1p62
        ? BigInteger.valueOf((long) scaled)
        : new BigDecimal(scaled).toBigInteger();
  }

  static OptionalDouble loss(List<Tally> tallies) {
    BigInteger units = BigInteger.ZERO;
    int total = 0;
    for (Tally tally : tallies) {
      if (tally.nonFinite() > 0) {
        return OptionalDouble.empty();
      }
      units = units.add(tally.lossUnits());
      total += tally.total();
    }
    return total == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.scalb(units.doubleValue(), -LOSS_FRACTION_BITS) / total);
  }

  static List<Integer> sum(List<Tally> tallies, Function<Tally, List<Integer>> counts) {
    List<Integer> sums = List.of();
    for (Tally tally : tallies) {
      sums = plus(sums, counts.apply(tally));
    }
    return sums;
  }

  /** Sums class by class; an empty list counts as zeros. */
  static List<Integer> plus(List<Integer> a, List<Integer> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    List<Integer> sums = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sums.add(Math.addExact(a.get(i), b.get(i)));
    }
    return List.copyOf(sums);
  }

  static BitSet wrongImages(List<Tally> tallies, Function<Tally, BitSet> right) {
    BitSet wrong = new BitSet();
    int position = 0;
    for (Tally tally : tallies) {
      BitSet skipped = tally.skipped();
      BitSet correct = right.apply(tally);
      int records = tally.end() - tally.from();
      for (int i = skipped.nextClearBit(0); i < records; i = skipped.nextClearBit(i + 1)) {
        wrong.set(position++, !correct.get(i));
      }
    }
    return wrong;
  }

  static double kendallTau(List<Integer> order) {
    int n = order.size();
    if (n < 2) {
      return 1;
    }
    long score = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        score += order.get(i) < order.get(j) ? 1 : -1;
      }
    }
    return score / (n * (n - 1.0) / 2);
  }
}
