package io.github.resnetensembles.path;

import com.google.common.math.BigIntegerMath;
import java.math.BigInteger;
import java.util.BitSet;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.CombinationSampler;

/**
 * The subsets of m things that have a given range of sizes, in either order of paths: how many
 * there are, the rank of each, and the next one. A subset is a bit set, thing 0 the lowest bit.
 *
 * @param things the number m
 * @param smallest the smallest size, at least 0
 * @param largest the largest size, at most m; below {@code smallest} if there is no subset
 * @param order the order of ranks
 */
record Subsets(int things, int smallest, int largest, PathOrder order) {
  Subsets {
    smallest = Math.max(0, smallest);
    largest = Math.min(things, largest);
  }

  private boolean all() {
    return smallest == 0 && largest == things;
  }

  BigInteger count() {
    if (all()) {
      return BigInteger.ONE.shiftLeft(things);
    }
    BigInteger sum = BigInteger.ZERO;
    Sizes sizes = new Sizes(smallest);
    while (sizes.size <= largest) {
      sum = sum.add(sizes.count);
      sizes.advance();
    }
    return sum;
  }

  /** Goes through the sizes from one on, with the number of subsets of each. */
  private final class Sizes {
    private int size;
    private BigInteger count;

    Sizes(int from) {
      size = from;
      count = from > things ? BigInteger.ZERO : BigIntegerMath.binomial(things, from);
    }

    void advance() {
      count =
          count.multiply(BigInteger.valueOf(things - size)).divide(BigInteger.valueOf(size + 1L));
      size++;
    }
  }

  /**
   * How many subsets are left while it is decided, thing by thing from the last to the first, which
   * are in. Of j undecided things, from a to b must be taken; kept beside the number of ways are
   * C(j, b) and C(j, a-1), from which the next numbers follow by Pascal's rule.
   */
  private static final class Decisions {
    private int undecided;
    private int largest;
    private int belowSmallest;
    private BigInteger ways;
    private BigInteger ofLargest;
    private BigInteger ofBelowSmallest;
    private BigInteger waysWithout = BigInteger.ZERO;
    private BigInteger ofLargestWithout = BigInteger.ZERO;
    private BigInteger ofBelowSmallestWithout = BigInteger.ZERO;

    Decisions(Subsets subsets) {
      undecided = subsets.things;
      largest = subsets.largest;
      belowSmallest = subsets.smallest - 1;
      ways = subsets.count();
      ofLargest = BigIntegerMath.binomial(undecided, largest);
      ofBelowSmallest =
          belowSmallest < 0 ? BigInteger.ZERO : BigIntegerMath.binomial(undecided, belowSmallest);
    }

    /** Whether the undecided things can be chosen in every way. */
    boolean free() {
      return belowSmallest < 0 && largest >= undecided;
    }

    /** How many subsets leave the next thing out. */
    BigInteger waysWithout() {
      ofLargestWithout = without(ofLargest, largest);
      ofBelowSmallestWithout = without(ofBelowSmallest, belowSmallest);
      waysWithout = ways.add(ofLargestWithout).subtract(ofBelowSmallestWithout).shiftRight(1);
      return waysWithout;
    }

    private BigInteger without(BigInteger binomial, int size) {
      return binomial.signum() == 0
          ? binomial
          : binomial
              .multiply(BigInteger.valueOf((long) undecided - size))
              .divide(BigInteger.valueOf(undecided));
    }

    /** Leaves the next thing out; {@link #waysWithout()} was asked before. */
    void leave() {
      ways = waysWithout;
      ofLargest = ofLargestWithout;
      ofBelowSmallest = ofBelowSmallestWithout;
      undecided--;
    }

    /** Takes the next thing; {@link #waysWithout()} was asked before. */
    void take() {
      ways = ways.subtract(waysWithout);
      ofLargest = ofLargest.subtract(ofLargestWithout);
      ofBelowSmallest = ofBelowSmallest.subtract(ofBelowSmallestWithout);
      largest--;
      belowSmallest--;
      undecided--;
    }
  }

  /** How many subsets come before one of them. */
  BigInteger rank(BitSet subset) {
    if (order == PathOrder.NUMERICAL) {
      return numericalRank(subset);
    }
    int size = subset.cardinality();
    BigInteger shorter = BigInteger.ZERO;
    for (Sizes sizes = new Sizes(smallest); sizes.size < size; sizes.advance()) {
      shorter = shorter.add(sizes.count);
    }
    return shorter.add(ofSize(size).numericalRank(subset));
  }

  /** The subset of a rank from 0 to {@link #count()} - 1. */
  BitSet unrank(BigInteger rank) {
    if (order == PathOrder.NUMERICAL) {
      return numericalUnrank(rank);
    }
    Sizes sizes = new Sizes(smallest);
    BigInteger left = rank;
    while (left.compareTo(sizes.count) >= 0) {
      left = left.subtract(sizes.count);
      sizes.advance();
    }
    return ofSize(sizes.size).numericalUnrank(left);
  }

  private Subsets ofSize(int size) {
    return new Subsets(things, size, size, PathOrder.NUMERICAL);
  }

  private BigInteger numericalRank(BitSet subset) {
    Decisions decisions = new Decisions(this);
    BigInteger rank = BigInteger.ZERO;
    while (!decisions.free()) {
      BigInteger without = decisions.waysWithout();
      if (subset.get(decisions.undecided - 1)) {
        rank = rank.add(without);
        decisions.take();
      } else {
        decisions.leave();
      }
    }
    return rank.add(number(subset.get(0, decisions.undecided)));
  }

  private BitSet numericalUnrank(BigInteger rank) {
    Decisions decisions = new Decisions(this);
    BitSet subset = new BitSet(things);
    BigInteger left = rank;
    while (!decisions.free()) {
      BigInteger without = decisions.waysWithout();
      if (left.compareTo(without) >= 0) {
        left = left.subtract(without);
        subset.set(decisions.undecided - 1);
        decisions.take();
      } else {
        decisions.leave();
      }
    }
    subset.or(bits(left));
    return subset;
  }

  /** A subset drawn uniformly. */
  BitSet draw(UniformRandomProvider random) {
    if (all()) {
      return bits(bits(random, things));
    }
    Sizes sizes = new Sizes(smallest);
    if (smallest < largest) {
      BigInteger left = below(random, count());
      while (left.compareTo(sizes.count) >= 0) {
        left = left.subtract(sizes.count);
        sizes.advance();
      }
    }
    BitSet subset = new BitSet(things);
    if (sizes.size > 0) {
      for (int thing : new CombinationSampler(random, things, sizes.size).sample()) {
        subset.set(thing);
      }
    }
    return subset;
  }

  private static BigInteger below(UniformRandomProvider random, BigInteger bound) {
    while (true) {
      BigInteger number = bits(random, bound.bitLength());
      if (number.compareTo(bound) < 0) {
        return number;
      }
    }
  }

  private static BigInteger bits(UniformRandomProvider random, int bits) {
    byte[] bytes = new byte[(bits + Byte.SIZE - 1) / Byte.SIZE];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - bits);
  }

  private static BigInteger number(BitSet bits) {
    return new BigInteger(1, reversed(bits.toByteArray()));
  }

  private static BitSet bits(BigInteger number) {
    return BitSet.valueOf(reversed(number.toByteArray()));
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  /** Turns a subset that is not the last one into the next. */
  void advance(BitSet subset) {
    if (order == PathOrder.NUMERICAL) {
      carry(subset, 0);
      while (subset.cardinality() > largest) {
        carry(subset, subset.nextSetBit(0));
      }
      fill(subset, smallest);
      return;
    }
    int size = subset.cardinality();
    if (size > 0) {
      carry(subset, subset.nextSetBit(0));
    }
    if (size == 0 || subset.length() > things) {
      subset.clear();
      size++;
    }
    fill(subset, size);
  }

  /** Adds the number whose only bit is the given one. */
  private static void carry(BitSet subset, int bit) {
    int end = subset.nextClearBit(bit);
    subset.clear(bit, end);
    subset.set(end);
  }

  /** Adds the lowest things that are missing until there are enough. */
  private static void fill(BitSet subset, int size) {
    for (int missing = size - subset.cardinality(); missing > 0; missing--) {
      subset.set(subset.nextClearBit(0));
    }
  }
}
