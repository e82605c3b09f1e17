package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;

/**
 * In how many ways a signal can pass one step of a wiring. The step's polynomial is {@code skips +
 * branches · x}, and the product of all steps' polynomials counts the paths by length.
 *
 * @param block the block that is run, from 1 to {@value PathEnumerator#MAX_BLOCKS}
 * @param skips 1 if a signal can take the skip connection, else 0
 * @param branches how many parallel residual branches a signal can take, from 0 (deleted) to
 *     {@value #MAX_BRANCHES}; 1 in ordinary residual networks
 * @param layers the weight layers (convolutions) of each branch, to {@value #MAX_LAYERS}; 0 if they
 *     are not known
 */
public record PathStep(int block, int skips, int branches, int layers) {
  /** The most parallel branches. */
  public static final int MAX_BRANCHES = 1000;

  /** The most weight layers of a branch. */
  public static final int MAX_LAYERS = 100;

  /**
   * Checks the ranges.
   *
   * @param block the block that is run
   * @param skips 0 or 1
   * @param branches how many parallel branches
   * @param layers the weight layers of each branch
   * @throws InvalidPathException if a number is out of its range
   */
  public PathStep {
    check("a block's number", block, 1, PathEnumerator.MAX_BLOCKS);
    check("the number of skip connections of block " + block, skips, 0, 1);
    check("the number of branches of block " + block, branches, 0, MAX_BRANCHES);
    check("the number of weight layers of block " + block, layers, 0, MAX_LAYERS);
  }

  /**
   * A residual block: skip connection and one branch, its weight layers not known.
   *
   * @param block its number
   * @return the step
   */
  public static PathStep residual(int block) {
    return new PathStep(block, 1, 1, 0);
  }

  /**
   * A block without skip connection: every path goes through its branch.
   *
   * @param block its number
   * @return the step
   */
  public static PathStep plain(int block) {
    return new PathStep(block, 0, 1, 0);
  }

  /**
   * Returns this step with another number of parallel branches.
   *
   * @param branches from 0 to {@value #MAX_BRANCHES}
   * @return the changed copy
   */
  public PathStep withBranches(int branches) {
    return new PathStep(block, skips, branches, layers);
  }

  /**
   * Returns this step with branches of other weight layers.
   *
   * @param layers from 1 to {@value #MAX_LAYERS}, or 0 if they are not known
   * @return the changed copy
   */
  public PathStep withLayers(int layers) {
    return new PathStep(block, skips, branches, layers);
  }

  /** {@return this step without its branches: every path takes the skip connection} */
  public PathStep deleted() {
    return new PathStep(block, 1, 0, layers);
  }

  static void check(String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw new InvalidPathException(
          what + " must be from " + from + " to " + to + ", got " + value);
    }
  }
}
