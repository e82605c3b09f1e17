package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.path.ResidualPath;

/**
 * What is measured of the gradient by path length. With g_p the gradient that flows through one
 * path p, the Jacobians being those of the ordinary forward pass:
 */
public sealed interface GradientMeasurement {
  /** The vector sum of g_p over all paths of each length, in one sweep. */
  @JsonForm(kind = "exact", kindField = "mode")
  record ExactSums() implements GradientMeasurement {}

  /**
   * The mean norm of g_p over random paths of each length: the paper's protocol (section 4.3).
   * Where there are no more paths of a length than asked for, all of them are measured.
   *
   * @param pathsPerLength at least 1
   */
  @JsonForm(kind = "sampled", kindField = "mode")
  record SampledPaths(int pathsPerLength) implements GradientMeasurement {
    /**
     * Checks the number.
     *
     * @param pathsPerLength at least 1
     * @throws InvalidInputException if it is smaller
     */
    public SampledPaths {
      requirePositive("paths for each length", pathsPerLength);
    }
  }

  /**
   * The exact sums, and the sum of the squared norms of all g_p of each length, estimated without
   * bias: with an independent random sign on each branch the mixed terms of the squared norm of
   * their sum cancel in the mean.
   *
   * @param draws sweeps with random signs, at least 1
   */
  @JsonForm(kind = "signs", kindField = "mode")
  record RandomSigns(int draws) implements GradientMeasurement {
    /**
     * Checks the number.
     *
     * @param draws at least 1
     * @throws InvalidInputException if it is smaller
     */
    public RandomSigns {
      requirePositive("draws of random signs", draws);
    }
  }

  /**
   * The norm of g_p of one path.
   *
   * @param path the blocks whose branch the gradient flows through
   */
  @JsonForm(kind = "path", kindField = "mode")
  record SinglePath(ResidualPath path) implements GradientMeasurement {
    /**
     * Checks the components.
     *
     * @param path the blocks whose branch the gradient flows through
     */
    public SinglePath {
      Require.present("path", path);
    }
  }

  private static void requirePositive(String what, int number) {
    if (number < 1) {
      throw new InvalidInputException(
          "there must be at least 1 of the " + what + ", got " + number);
    }
  }
}
