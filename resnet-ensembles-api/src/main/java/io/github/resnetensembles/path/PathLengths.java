package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;

/**
 * How long paths are: a probability distribution over path lengths. That of a residual network of n
 * blocks is Binomial(n, 1/2) (section 3 of the paper). Immutable.
 *
 * <p>Logarithms are natural; an impossible length has probability 0 and logarithm {@link
 * Double#NEGATIVE_INFINITY}. Where a probability is too small for a double it is 0, and its
 * logarithm is still right.
 *
 * <p>Implemented by this library alone.
 */
public interface PathLengths {
  /**
   * The lengths of paths while exactly some blocks are kept and all others are skipped, as when the
   * paper trains 23 of 54 blocks at a time: Binomial(kept, 1/2), whichever blocks they are.
   *
   * @param kept how many blocks are kept, from 0 to {@value PathEnumerator#MAX_BLOCKS}
   * @return the lengths of a uniformly drawn path through kept blocks
   * @throws InvalidPathException if the number is out of range
   */
  static PathCounts keeping(int kept) {
    return BlockPaths.of(kept).lengths();
  }

  /**
   * The number of blocks that survive under stochastic depth, which is the length of the longest
   * path left: Poisson-binomial, the product of (1 - p_i) + p_i·x.
   *
   * @param probabilities the survival probability p_i of each block, in [0, 1]; at most {@value
   *     PathEnumerator#MAX_BLOCKS}
   * @return the distribution; each probability is accurate to about 1e-12 of itself, however small
   * @throws InvalidPathException if a probability is not in [0, 1] or there are too many
   */
  static PathLengths survivors(double... probabilities) {
    return PoissonBinomial.of(probabilities, 1);
  }

  /**
   * The length of a path drawn uniformly among those left under stochastic depth: Poisson-binomial,
   * the product of (1 - p_i/2) + p_i/2·x.
   *
   * @param probabilities the survival probability p_i of each block, in [0, 1]; at most {@value
   *     PathEnumerator#MAX_BLOCKS}
   * @return the distribution; each probability is accurate to about 1e-12 of itself, however small
   * @throws InvalidPathException if a probability is not in [0, 1] or there are too many
   */
  static PathLengths survival(double... probabilities) {
    return PoissonBinomial.of(probabilities, 0.5);
  }

  /** {@return the smallest length that is possible} */
  int shortest();

  /** {@return the largest length that is possible} */
  int longest();

  /**
   * The share of one length.
   *
   * @param length any number
   * @return its probability
   */
  default double probability(int length) {
    return probability(length, length);
  }

  /**
   * The share of an interval of lengths.
   *
   * @param from the smallest length, any number
   * @param to the largest length, at least {@code from}
   * @return the probability of a length from {@code from} to {@code to}
   * @throws InvalidPathException if {@code from} is above {@code to}
   */
  double probability(int from, int to);

  /**
   * The logarithm of the share of one length.
   *
   * @param length any number
   * @return the natural logarithm of its probability
   */
  default double logProbability(int length) {
    return logProbability(length, length);
  }

  /**
   * The logarithm of the share of an interval of lengths.
   *
   * @param from the smallest length, any number
   * @param to the largest length, at least {@code from}
   * @return the natural logarithm of {@link #probability(int, int)}
   * @throws InvalidPathException if {@code from} is above {@code to}
   */
  double logProbability(int from, int to);

  /** {@return the mean length} */
  double mean();

  /** {@return the variance of the length} */
  double variance();

  /**
   * A quantile.
   *
   * @param probability in [0, 1]
   * @return the smallest possible length l with P(length ≤ l) ≥ {@code probability}
   * @throws InvalidPathException if the probability is not in [0, 1]
   */
  int quantile(double probability);
}
