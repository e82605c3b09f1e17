package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.statistics.Interval;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The gradient through the paths of one length, averaged over batches. What was not measured is
 * empty.
 *
 * @param length k
 * @param paths how many paths there are of this length
 * @param pathSumNorm the norm of the sum over all of them
 * @param share their signed share of the gradient; all lengths' add up to 1
 * @param meanPathNorm the mean norm of a single path
 * @param rmsPathNorm the root of the mean squared norm of a single path
 * @param cancellation the squared norm of the sum divided by the sum of the squared norms: 1 where
 *     paths are orthogonal, the number of paths where they all agree, 0 where they cancel
 * @param imageNorm the mean over images of an image's norm: of the sum, or of single paths where no
 *     sums were measured
 * @param weight the non-negative share: {@code pathSumNorm}, or else {@code meanPathNorm} times the
 *     number of paths, divided by the sum over all lengths; NaN if that sum is 0 or not finite
 * @param interval the 95 % interval of {@code pathSumNorm} or else {@code meanPathNorm}: over
 *     batches where there are several, else over the paths; empty where there is nothing to take it
 *     over
 */
@JsonForm(
    fields =
        "length paths pathSumNorm? share? meanPathNorm? rmsPathNorm? cancellation?"
            + " imageNorm? weight *interval")
public record LengthGradient(
    int length,
    BigInteger paths,
    OptionalDouble pathSumNorm,
    OptionalDouble share,
    OptionalDouble meanPathNorm,
    OptionalDouble rmsPathNorm,
    OptionalDouble cancellation,
    OptionalDouble imageNorm,
    double weight,
    Optional<Interval> interval) {
  /**
   * Checks the components.
   *
   * @param length k
   * @param paths how many paths there are of this length
   * @param pathSumNorm the norm of the sum over all of them
   * @param share their signed share of the gradient
   * @param meanPathNorm the mean norm of a single path
   * @param rmsPathNorm the root of the mean squared norm of a single path
   * @param cancellation the squared norm of the sum divided by the sum of the squared norms
   * @param imageNorm the mean over images of an image's norm
   * @param weight the non-negative share
   * @param interval the 95 % interval of {@code pathSumNorm} or else {@code meanPathNorm}
   * @throws IllegalArgumentException if a number is out of its range
   */
  public LengthGradient {
    Require.present("paths", paths);
    Require.present("pathSumNorm", pathSumNorm);
    Require.present("share", share);
    Require.present("meanPathNorm", meanPathNorm);
    Require.present("rmsPathNorm", rmsPathNorm);
    Require.present("cancellation", cancellation);
    Require.present("imageNorm", imageNorm);
    Require.present("interval", interval);
    Require.atLeast(0, "length", length);
    Require.atLeast(0, "the sign of paths", paths.signum());
    pathSumNorm.ifPresent(value -> Require.notNegative("pathSumNorm", value));
    meanPathNorm.ifPresent(value -> Require.notNegative("meanPathNorm", value));
    rmsPathNorm.ifPresent(value -> Require.notNegative("rmsPathNorm", value));
    cancellation.ifPresent(value -> Require.notNegative("cancellation", value));
    imageNorm.ifPresent(value -> Require.notNegative("imageNorm", value));
    Require.notNegative("weight", weight);
    pathSumNorm = Numbers.unsignedZero(pathSumNorm);
    share = Numbers.unsignedZero(share);
    meanPathNorm = Numbers.unsignedZero(meanPathNorm);
    rmsPathNorm = Numbers.unsignedZero(rmsPathNorm);
    cancellation = Numbers.unsignedZero(cancellation);
    imageNorm = Numbers.unsignedZero(imageNorm);
    weight = Numbers.unsignedZero(weight);
  }
}
