package io.github.resnetensembles.path;

import java.util.Arrays;
import java.util.BitSet;

/** Which blocks paths must take and which they may take: paths to subsets and back. */
final class Ground {
  private final BitSet forced;
  private final int[] free;

  /** Takes bits, block 1 being bit 0. */
  Ground(BitSet forced, BitSet free) {
    this.forced = forced;
    this.free = free.stream().toArray();
  }

  /** The number of blocks that every path takes. */
  int forced() {
    return forced.cardinality();
  }

  /** The number of blocks that a path may take. */
  int free() {
    return free.length;
  }

  /** The blocks that every path takes, as new bits. */
  BitSet forcedBits() {
    return (BitSet) forced.clone();
  }

  /** The blocks that a path may take, as new bits. */
  BitSet freeBits() {
    BitSet bits = new BitSet();
    for (int bit : free) {
      bits.set(bit);
    }
    return bits;
  }

  /** The blocks that every path takes, as a mask; for short networks. */
  long forcedMask() {
    return mask(forced);
  }

  /** The blocks that a path may take, as a mask; for short networks. */
  long freeMask() {
    return mask(freeBits());
  }

  private static long mask(BitSet bits) {
    long[] words = bits.toLongArray();
    return words.length == 0 ? 0 : words[0];
  }

  /** The path that takes, of the free blocks, a subset. */
  ResidualPath path(BitSet subset) {
    return BlockSet.of(bits(subset));
  }

  /** As {@link #path}, without the forced blocks; for short networks. */
  long freeMask(BitSet subset) {
    return mask(bits(subset)) & ~forcedMask();
  }

  private BitSet bits(BitSet subset) {
    BitSet bits = new BitSet(PathEnumerator.MAX_MASK_BLOCKS);
    bits.or(forced);
    subset.stream().forEach(i -> bits.set(free[i]));
    return bits;
  }

  /** Whether a path takes all forced blocks and otherwise free ones only. */
  boolean contains(ResidualPath path) {
    BitSet bits = BlockSet.bits(path);
    return bits.cardinality() == forced.cardinality() + subset(bits).cardinality()
        && forced.stream().allMatch(bits::get);
  }

  /** Which of the free blocks a path takes. */
  BitSet subset(ResidualPath path) {
    return subset(BlockSet.bits(path));
  }

  private BitSet subset(BitSet bits) {
    BitSet subset = new BitSet(free.length);
    for (int i = 0; i < free.length; i++) {
      if (bits.get(free[i])) {
        subset.set(i);
      }
    }
    return subset;
  }

  @Override
  public String toString() {
    return "forced " + forced + ", free " + Arrays.toString(free);
  }
}
