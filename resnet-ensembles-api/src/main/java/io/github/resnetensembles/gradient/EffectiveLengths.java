package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Require;

/**
 * The lengths of the paths that carry almost all of the gradient: the shortest interval that holds
 * a share of the weights. Of several the one with the largest mass, then the one that begins first.
 *
 * @param from the smallest length
 * @param to the largest length
 * @param mass the sum of the weights in the interval, at least the share that was asked for
 * @param pathShare the share that paths of these lengths are of all paths, in [0, 1]
 */
public record EffectiveLengths(int from, int to, double mass, double pathShare) {
  /**
   * Checks the components.
   *
   * @param from the smallest length
   * @param to the largest length
   * @param mass the sum of the weights in the interval
   * @param pathShare the share that paths of these lengths are of all paths
   * @throws IllegalArgumentException if a number is out of its range
   */
  public EffectiveLengths {
    Require.atLeast(0, "from", from);
    Require.atLeast(from, "to", to);
    mass = Require.finiteAtLeastZero("mass", mass);
    pathShare = Require.share("pathShare", pathShare);
  }
}
