package io.github.resnetensembles.path;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Paths as values, of any number of blocks. Splits by rank. */
final class PathSpliterator implements Spliterator<ResidualPath> {
  private static final BigInteger LARGEST_SIZE = BigInteger.valueOf(Long.MAX_VALUE);

  private final Subsets subsets;
  private final Ground ground;
  private BigInteger index;
  private final BigInteger fence;

  /** How many were visited, to look for an interrupt now and then. */
  private long visited;

  /** The next subset; meaningless at the end. */
  private BitSet subset;

  PathSpliterator(Subsets subsets, Ground ground, BigInteger from, BigInteger to) {
    this.subsets = subsets;
    this.ground = ground;
    this.index = from;
    this.fence = to;
    this.subset = from.equals(to) ? new BitSet() : subsets.unrank(from);
  }

  @Override
  public boolean tryAdvance(Consumer<? super ResidualPath> action) {
    if (index.equals(fence)) {
      return false;
    }
    MaskSpliterator.INTERRUPTS.check(visited++);
    ResidualPath path = ground.path(subset);
    index = index.add(BigInteger.ONE);
    if (!index.equals(fence)) {
      subsets.advance(subset);
    }
    action.accept(path);
    return true;
  }

  @Override
  public @Nullable Spliterator<ResidualPath> trySplit() {
    BigInteger half = left().shiftRight(1);
    if (half.signum() == 0) {
      return null;
    }
    BigInteger middle = index.add(half);
    PathSpliterator prefix = new PathSpliterator(subsets, ground, index, middle);
    index = middle;
    subset = subsets.unrank(middle);
    return prefix;
  }

  private BigInteger left() {
    return fence.subtract(index);
  }

  @Override
  public long estimateSize() {
    return left().min(LARGEST_SIZE).longValue();
  }

  @Override
  public int characteristics() {
    return characteristics(left().compareTo(LARGEST_SIZE) <= 0);
  }

  static int characteristics(boolean sized) {
    return ORDERED | DISTINCT | SORTED | NONNULL | IMMUTABLE | (sized ? SIZED | SUBSIZED : 0);
  }

  @Override
  public PathOrder getComparator() {
    return subsets.order();
  }

  /** Paths of up to 63 blocks, made from masks. */
  static final class OfMasks implements Spliterator<ResidualPath> {
    private final Spliterator.OfLong masks;
    private final PathOrder order;

    OfMasks(Spliterator.OfLong masks, PathOrder order) {
      this.masks = masks;
      this.order = order;
    }

    @Override
    public boolean tryAdvance(Consumer<? super ResidualPath> action) {
      return masks.tryAdvance((long mask) -> action.accept(BlockSet.ofMask(mask)));
    }

    @Override
    public void forEachRemaining(Consumer<? super ResidualPath> action) {
      masks.forEachRemaining((long mask) -> action.accept(BlockSet.ofMask(mask)));
    }

    @Override
    public @Nullable Spliterator<ResidualPath> trySplit() {
      Spliterator.OfLong prefix = masks.trySplit();
      return prefix == null ? null : new OfMasks(prefix, order);
    }

    @Override
    public long estimateSize() {
      return masks.estimateSize();
    }

    @Override
    public int characteristics() {
      return PathSpliterator.characteristics(masks.hasCharacteristics(SIZED));
    }

    @Override
    public Comparator<? super ResidualPath> getComparator() {
      return order;
    }
  }
}
