package io.github.resnetensembles.path;

import java.util.Comparator;

/** The two orders of paths; each compares paths, consistently with equals. */
public enum PathOrder implements Comparator<ResidualPath> {
  /** As binary numbers, block 1 being the lowest bit: {@code {}, {1}, {2}, {1,2}, {3}, …}. */
  NUMERICAL {
    @Override
    public int compare(ResidualPath first, ResidualPath second) {
      return BlockSet.compareNumerically(first, second);
    }
  },
  /** By length, and numerically within a length: {@code {}, {1}, {2}, {3}, …, {1,2}, {1,3}, …}. */
  BY_LENGTH {
    @Override
    public int compare(ResidualPath first, ResidualPath second) {
      int byLength = Integer.compare(first.length(), second.length());
      return byLength != 0 ? byLength : BlockSet.compareNumerically(first, second);
    }
  }
}
