package io.github.resnetensembles.benchmark;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.Range;
import com.google.common.collect.Sets;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.PathOrder;
import io.github.resnetensembles.path.ResidualPath;
import java.math.BigInteger;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Visits all 2^n paths and adds their lengths, in several ways: milliseconds for all paths. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class PathBenchmark {
  /** The number of blocks, n. */
  @Param({"24"})
  private int blocks;

  private PathEnumerator paths = PathEnumerator.of(0);
  private Set<Integer> numbers = Set.of();

  /** Makes what is enumerated. */
  @Setup
  public void create() {
    paths = PathEnumerator.of(blocks);
    numbers = ContiguousSet.create(Range.closed(1, blocks), DiscreteDomain.integers());
  }

  /** Adds what it is given. */
  private static final class Sum implements LongConsumer {
    private long lengths;

    @Override
    public void accept(long mask) {
      lengths += Long.bitCount(mask);
    }
  }

  /**
   * Masks, given to a visitor.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long maskVisitor() {
    Sum sum = new Sum();
    paths.masks().forEach(sum);
    return checked(sum.lengths);
  }

  /**
   * Masks, as a stream.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long maskStream() {
    return checked(paths.masks().map(Long::bitCount).sum());
  }

  /**
   * Masks in order of length.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long maskStreamByLength() {
    return checked(paths.ordered(PathOrder.BY_LENGTH).masks().map(Long::bitCount).sum());
  }

  /**
   * Masks, as a parallel stream.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long maskParallelStream() {
    return checked(paths.masks().parallel().map(Long::bitCount).sum());
  }

  /**
   * Values, as a stream.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long valueStream() {
    return checked(paths.stream().mapToLong(ResidualPath::length).sum());
  }

  /**
   * Guava's sets.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long guavaPowerSet() {
    long sum = 0;
    for (Set<Integer> set : Sets.powerSet(numbers)) {
      sum += set.size();
    }
    return checked(sum);
  }

  /**
   * Big integers, counted up.
   *
   * @return the sum of the lengths
   */
  @Benchmark
  public long bigIntegerLoop() {
    BigInteger end = BigInteger.ONE.shiftLeft(blocks);
    long sum = 0;
    for (BigInteger path = BigInteger.ZERO;
        path.compareTo(end) < 0;
        path = path.add(BigInteger.ONE)) {
      sum += path.bitCount();
    }
    return checked(sum);
  }

  /** The sum is n 2^(n-1), or nothing was measured. */
  private long checked(long sum) {
    if (sum != (long) blocks << (blocks - 1)) {
      throw new IllegalStateException("the lengths of all paths add up to " + sum);
    }
    return sum;
  }
}
