package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Path lengths from exact counts. */
final class CountedLengths implements PathCounts {
  private final BigInteger[] counts;
  private final int shortest;
  private final int longest;
  private final BigInteger total;

  /** Takes {@code counts[k]} for every length k from {@code from} to {@code to}. */
  CountedLengths(BigInteger[] counts, int from, int to) {
    this.counts = counts;
    int first = from;
    int last = Math.min(to, counts.length - 1);
    while (first <= last && counts[first].signum() == 0) {
      first++;
    }
    while (first <= last && counts[last].signum() == 0) {
      last--;
    }
    this.shortest = first;
    this.longest = last;
    this.total = sum(first, last);
  }

  private BigInteger sum(int from, int to) {
    BigInteger sum = BigInteger.ZERO;
    for (int length = from; length <= to; length++) {
      sum = sum.add(counts[length]);
    }
    return sum;
  }

  @Override
  public BigInteger total() {
    return total;
  }

  @Override
  public BigInteger count(int length) {
    return length < shortest || length > longest ? BigInteger.ZERO : counts[length];
  }

  @Override
  public BigInteger count(int from, int to) {
    checkInterval(from, to);
    return sum(Math.max(from, shortest), Math.min(to, longest));
  }

  static void checkInterval(int from, int to) {
    if (from > to) {
      throw new InvalidPathException(
          "an interval of lengths ascends, got " + from + ".." + to + "; turn it round");
    }
  }

  static void checkProbability(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidPathException("a probability is in [0, 1], got " + probability);
    }
  }

  private void checkNotEmpty() {
    if (total.signum() == 0) {
      throw new InvalidPathException("there is no path, so path lengths have no distribution");
    }
  }

  @Override
  public int shortest() {
    checkNotEmpty();
    return shortest;
  }

  @Override
  public int longest() {
    checkNotEmpty();
    return longest;
  }

  @Override
  public double probability(int from, int to) {
    BigInteger count = count(from, to);
    checkNotEmpty();
    return Ratios.of(count, total);
  }

  @Override
  public double logProbability(int from, int to) {
    BigInteger count = count(from, to);
    checkNotEmpty();
    return Ratios.log(count, total);
  }

  @Override
  public double mean() {
    checkNotEmpty();
    return Ratios.of(moment(1), total);
  }

  @Override
  public double variance() {
    checkNotEmpty();
    BigInteger first = moment(1);
    return Ratios.of(
        moment(2).multiply(total).subtract(first.multiply(first)), total.multiply(total));
  }

  private BigInteger moment(int power) {
    BigInteger sum = BigInteger.ZERO;
    for (int length = shortest; length <= longest; length++) {
      sum = sum.add(counts[length].multiply(BigInteger.valueOf(length).pow(power)));
    }
    return sum;
  }

  @Override
  public int quantile(double probability) {
    checkProbability(probability);
    checkNotEmpty();
    BigInteger needed =
        new BigDecimal(probability)
            .multiply(new BigDecimal(total))
            .setScale(0, RoundingMode.CEILING)
            .toBigInteger();
    BigInteger below = counts[shortest];
    int length = shortest;
    while (below.compareTo(needed) < 0) {
      length++;
      below = below.add(counts[length]);
    }
    return length;
  }

  @Override
  public String toString() {
    return total.signum() == 0
        ? "no path"
        : total + " paths of lengths " + shortest + " to " + longest;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CountedLengths lengths
        && total.equals(lengths.total)
        && (total.signum() == 0
            || (shortest == lengths.shortest
                && longest == lengths.longest
                && Arrays.equals(
                    counts, shortest, longest + 1, lengths.counts, shortest, longest + 1)));
  }

  @Override
  public int hashCode() {
    return total.hashCode();
  }
}
