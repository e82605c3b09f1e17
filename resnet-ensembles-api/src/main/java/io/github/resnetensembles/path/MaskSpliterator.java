package io.github.resnetensembles.path;

import io.github.resnetensembles.internal.io.Interrupts;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Spliterator;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Paths of up to 63 blocks as bit masks. The next mask takes a few operations: subsets of a mask
 * {@code free} are counted through by {@code (x - free) & free}, and those of one size by Gosper's
 * rule (move the lowest bit that can move one place up, and all bits below it to the bottom), the
 * carry being led over the gaps of {@code free}. Splits by rank. Ranks are unsigned.
 */
final class MaskSpliterator implements Spliterator.OfLong {
  /** Also of streams of paths that are no masks. */
  static final Interrupts INTERRUPTS = Interrupts.during("paths were listed");

  /** Masks between two looks at the interrupt flag. */
  private static final long STRIDE = 1 << 16;

  private final Subsets subsets;
  private final Ground ground;
  private final long forced;
  private final long free;
  private final boolean everySubset;

  /** At k: the lowest k bits of {@code free}. */
  private final long[] lowest;

  /** The next mask, without the forced blocks; meaningless at the end. */
  private long mask;

  private long index;
  private final long fence;

  MaskSpliterator(Subsets subsets, Ground ground, BigInteger from, BigInteger to) {
    this(subsets, ground, lowest(ground.freeMask()), from.longValue(), to.longValue());
  }

  private MaskSpliterator(Subsets subsets, Ground ground, long[] lowest, long index, long fence) {
    this.subsets = subsets;
    this.ground = ground;
    this.lowest = lowest;
    this.index = index;
    this.fence = fence;
    forced = ground.forcedMask();
    free = ground.freeMask();
    everySubset =
        subsets.order() == PathOrder.NUMERICAL
            && subsets.smallest() == 0
            && subsets.largest() == subsets.things();
    mask = index == fence ? 0 : maskAt(index);
  }

  private static long[] lowest(long free) {
    long[] lowest = new long[Long.bitCount(free) + 1];
    for (int k = 1; k < lowest.length; k++) {
      lowest[k] = lowest[k - 1] | Long.lowestOneBit(free & ~lowest[k - 1]);
    }
    return lowest;
  }

  private long maskAt(long rank) {
    return ground.freeMask(subsets.unrank(new BigInteger(Long.toUnsignedString(rank))));
  }

  @Override
  public boolean tryAdvance(LongConsumer action) {
    if (index == fence) {
      return false;
    }
    INTERRUPTS.check(index);
    long current = mask;
    index++;
    if (index != fence) {
      mask = next(current);
    }
    action.accept(current | forced);
    return true;
  }

  @Override
  public void forEachRemaining(LongConsumer action) {
    long left = fence - index;
    long current = mask;
    index = fence;
    if (everySubset) {
      while (left != 0) {
        INTERRUPTS.check();
        long count = Long.compareUnsigned(left, STRIDE) < 0 ? left : STRIDE;
        current = visitEvery(current, count, action);
        left -= count;
      }
      return;
    }
    while (left != 0) {
      INTERRUPTS.check(left & Long.MAX_VALUE);
      action.accept(current | forced);
      left--;
      if (left != 0) {
        current = next(current);
      }
    }
  }

  /**
   * Locals only, so that the loop stays in registers; where no bit is left out, counting will do.
   *
   * @return the mask after them
   */
  private long visitEvery(long first, long count, LongConsumer action) {
    long everyone = forced;
    long step = free;
    long end = first + count;
    boolean withoutGaps = (step & (step + 1)) == 0;
    if (withoutGaps && end > 0) {
      for (long current = first; current < end; current++) {
        action.accept(current | everyone);
      }
      return end;
    }
    long current = first;
    for (long left = count; left != 0; left--) {
      action.accept(current | everyone);
      current = (current - step) & step;
    }
    return current;
  }

  private long next(long current) {
    if (subsets.order() == PathOrder.BY_LENGTH || subsets.smallest() == subsets.largest()) {
      return nextOfSize(current);
    }
    long next = (current - free) & free;
    while (Long.bitCount(next) > subsets.largest()) {
      next = carry(next);
    }
    for (int missing = subsets.smallest() - Long.bitCount(next); missing > 0; missing--) {
      next |= Long.lowestOneBit(free & ~next);
    }
    return next;
  }

  /** The next of the same size; after the last one, the first of the next size. */
  private long nextOfSize(long current) {
    int size = Long.bitCount(current);
    long next = carry(current);
    return next == 0 ? lowest[size + 1] : next | lowest[size - Long.bitCount(next)];
  }

  /** Adds the lowest bit, within the bits of {@code free}; 0 if the carry leaves them. */
  private long carry(long current) {
    return ((current | ~free) + Long.lowestOneBit(current)) & free;
  }

  @Override
  public @Nullable OfLong trySplit() {
    long left = fence - index;
    if (Long.compareUnsigned(left, 2) < 0) {
      return null;
    }
    long middle = index + (left >>> 1);
    MaskSpliterator prefix = new MaskSpliterator(subsets, ground, lowest, index, middle);
    index = middle;
    mask = maskAt(middle);
    return prefix;
  }

  @Override
  public long estimateSize() {
    long left = fence - index;
    return left < 0 ? Long.MAX_VALUE : left;
  }

  @Override
  public int characteristics() {
    return ORDERED
        | DISTINCT
        | NONNULL
        | IMMUTABLE
        | (subsets.order() == PathOrder.NUMERICAL ? SORTED : 0)
        | (fence - index < 0 ? 0 : SIZED | SUBSIZED);
  }

  @Override
  public @Nullable Comparator<? super Long> getComparator() {
    if (subsets.order() == PathOrder.NUMERICAL) {
      return null;
    }
    throw new IllegalStateException("masks by length are not sorted as numbers");
  }
}
