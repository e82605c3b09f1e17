package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
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

  /** A loss in units of 2^-32 nat, rounded to the nearest. */
  static BigInteger units(double loss) {
    double scaled = Math.rint(Math.scalb(loss, LOSS_FRACTION_BITS));
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

  static BitSet wrongImages(List<Tally> tallies) {
    BitSet wrong = new BitSet();
    int position = 0;
    for (Tally tally : tallies) {
      BitSet skipped = tally.skipped();
      BitSet correct = tally.correct();
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
