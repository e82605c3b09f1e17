package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;

/**
 * A path, and how probable it is under stochastic depth: {@link PathEnumerator#mostProbable}.
 *
 * @param path the blocks that survive
 * @param probability that exactly these survive, in [0, 1]; 0 also where a double cannot hold it
 * @param logProbability its natural logarithm, at most 0, right also where the probability is too
 *     small for a double; {@link Double#NEGATIVE_INFINITY} if this cannot happen
 */
public record ProbablePath(ResidualPath path, double probability, double logProbability) {
  /**
   * Checks the ranges.
   *
   * @param path the blocks that survive
   * @param probability that exactly these survive, in [0, 1]
   * @param logProbability its natural logarithm, at most 0
   */
  public ProbablePath {
    Require.present("a path", path);
    probability = Require.share("a path's probability", probability);
    if (!(logProbability <= 0)) {
      throw new InvalidPathException(
          "the logarithm of a path's probability is at most 0, got " + logProbability);
    }
    logProbability = Numbers.unsignedZero(logProbability);
  }
}
