package io.github.resnetensembles.gradient;

import io.github.resnetensembles.statistics.Interval;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The gradient through the paths of one length, averaged over batches. What was not measured is
 * empty.
 *
 * <p>Implemented by this library alone.
 */
public sealed interface LengthGradient permits LengthRow {
  /** {@return k} */
  int length();

  /** {@return how many paths there are of this length} */
  BigInteger paths();

  /** {@return the norm of the sum over all of them} */
  OptionalDouble pathSumNorm();

  /** {@return their signed share of the gradient; all lengths' add up to 1} */
  OptionalDouble share();

  /** {@return the mean norm of a single path} */
  OptionalDouble meanPathNorm();

  /** {@return the root of the mean squared norm of a single path} */
  OptionalDouble rmsPathNorm();

  /**
   * {@return the squared norm of the sum divided by the sum of the squared norms: 1 where paths are
   * orthogonal, the number of paths where they all agree, 0 where they cancel}
   */
  OptionalDouble cancellation();

  /**
   * {@return the mean over images of an image's norm: of the sum, or of single paths where no sums
   * were measured}
   */
  OptionalDouble imageNorm();

  /**
   * {@return the non-negative share: {@code pathSumNorm}, or else {@code meanPathNorm} times the
   * number of paths, divided by the sum over all lengths; NaN if that sum is 0 or not finite}
   */
  double weight();

  /**
   * {@return the 95 % interval of {@code pathSumNorm} or else {@code meanPathNorm}: over batches
   * where there are several, else over the paths; empty where there is nothing to take it over}
   */
  Optional<Interval> interval();
}
