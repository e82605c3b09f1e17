package io.github.resnetensembles.images;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * One direction of a resize: lines of samples become others, each a weighted sum of some of them,
 * rounded to integers of 0 to 255. All samples of a line are computed alike, side by side.
 */
final class ResizePass {
  private final ResizeFilter filter;
  private final int[] sums;

  /**
   * Nothing is computed yet.
   *
   * @param length of the lines
   */
  ResizePass(ResizeFilter filter, int length) {
    this.filter = filter;
    this.sums = new int[length];
  }

  /**
   * An output line.
   *
   * @param input the input line of a number
   * @return until another is asked for
   */
  int[] line(int output, IntFunction<int[]> input) {
    Arrays.fill(sums, 0);
    int at = filter.first(output);
    for (int weight : filter.weights(output)) {
      add(input.apply(at++), weight);
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = ResizeFilter.rounded(sums[i]);
    }
    return sums;
  }

  private void add(int[] line, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += line[i] * weight;
    }
  }
}
