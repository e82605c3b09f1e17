package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;
import java.math.BigInteger;

/**
 * How many paths there are of each length, exactly. As a distribution it is that of a path drawn
 * uniformly; probabilities, mean and variance are computed from the exact counts and rounded once,
 * to about one unit in the last place. If there is no path at all, the counts are 0 and everything
 * else throws {@link InvalidPathException}.
 *
 * <p>Implemented by this library alone.
 */
public interface PathCounts extends PathLengths {
  /** {@return how many paths there are} */
  BigInteger total();

  /**
   * Counts the paths of one length.
   *
   * @param length any number
   * @return how many there are
   */
  BigInteger count(int length);

  /**
   * Counts the paths of an interval of lengths.
   *
   * @param from the smallest length, any number
   * @param to the largest length, at least {@code from}
   * @return how many there are
   * @throws InvalidPathException if {@code from} is above {@code to}
   */
  BigInteger count(int from, int to);
}
