package io.github.resnetensembles.lesion;

import java.util.Arrays;

/**
 * Numbers of which ranges are raised and asked for their minimum, each in O(log size): a binary
 * tree whose nodes know the minimum below them, and what was added to all numbers below them.
 */
final class RangeMinimum {
  private final int leaves;
  private final long[] minimum;
  private final long[] added;

  /**
   * @param size how many numbers; none is set
   */
  RangeMinimum(int size) {
    this.leaves = size < 2 ? 1 : Integer.highestOneBit(size - 1) << 1;
    this.minimum = new long[2 * leaves];
    this.added = new long[2 * leaves];
    Arrays.fill(minimum, Long.MAX_VALUE);
  }

  /** Sets a number that was never set, nor raised with others. */
  void set(int place, long value) {
    minimum[leaves + place] = value;
    for (int node = (leaves + place) / 2; node > 0; node /= 2) {
      update(node);
    }
  }

  long get(int place) {
    long value = minimum[leaves + place];
    for (int node = (leaves + place) / 2; node > 0; node /= 2) {
      value += added[node];
    }
    return value;
  }

  /** Adds to all numbers from a place on, ending before another; all of them must be set. */
  void add(int from, int end, long more) {
    add(1, 0, leaves, from, end, more);
  }

  private void add(int node, int first, int last, int from, int end, long more) {
    if (end <= first || last <= from) {
      return;
    }
    if (from <= first && last <= end) {
      minimum[node] += more;
      added[node] += more;
      return;
    }
    int middle = (first + last) / 2;
    add(2 * node, first, middle, from, end, more);
    add(2 * node + 1, middle, last, from, end, more);
    update(node);
  }

  private void update(int node) {
    long least = Math.min(minimum[2 * node], minimum[2 * node + 1]);
    minimum[node] = least == Long.MAX_VALUE ? least : least + added[node];
  }

  /** The smallest number from a place on, ending before another: its first place. */
  int placeOfMinimum(int from, int end) {
    return best(1, 0, leaves, from, end, 0).place();
  }

  private record Best(int place, long value) {}

  private Best best(int node, int first, int last, int from, int end, long above) {
    if (end <= first || last <= from) {
      return new Best(-1, Long.MAX_VALUE);
    }
    if (from <= first && last <= end) {
      return new Best(firstPlace(node), minimum[node] + above);
    }
    int middle = (first + last) / 2;
    long more = above + added[node];
    Best left = best(2 * node, first, middle, from, end, more);
    Best right = best(2 * node + 1, middle, last, from, end, more);
    return right.value() < left.value() ? right : left;
  }

  private int firstPlace(int node) {
    int place = node;
    while (place < leaves) {
      place = 2 * place + (minimum[2 * place + 1] < minimum[2 * place] ? 1 : 0);
    }
    return place - leaves;
  }
}
