package io.github.resnetensembles.images;

import java.util.Arrays;

/**
 * The weights of one direction of a resize, as Pillow computes them: in double precision, then
 * rounded to integers in units of 2^-22.
 *
 * <p>Output pixel i lies at (i + 1/2) · in / out of the input. It is the mean of the input pixels
 * around it, weighted by the filter at their distance, where the filter is as wide as an output
 * pixel if that is wider than an input pixel.
 */
final class ResizeFilter {
  /** Of the weights' fraction. */
  private static final int BITS = 22;

  private static final int HALF = 1 << (BITS - 1);

  private final int[] first;
  private final int[][] weights;

  private ResizeFilter(int outputs) {
    this.first = new int[outputs];
    this.weights = new int[outputs][];
  }

  /**
   * The weights of some output pixels.
   *
   * @param in the number of input pixels
   * @param out the number of output pixels that they become
   * @param from the first output pixel that is wanted
   * @param count how many are wanted
   */
  static ResizeFilter of(int in, int out, int from, int count, Interpolation interpolation) {
    ResizeFilter filter = new ResizeFilter(count);
    double scale = (double) in / out;
    double widening = Math.max(scale, 1);
    double support = support(interpolation) * widening;
    for (int i = 0; i < count; i++) {
      double centre = (from + i + 0.5) * scale;
      int first = (int) Math.max(centre - support + 0.5, 0);
      int end = (int) Math.min(centre + support + 0.5, in);
      filter.first[i] = first;
      filter.weights[i] = weights(first, end, centre, widening, interpolation);
    }
    return filter;
  }

  private static int[] weights(
      int first, int end, double centre, double widening, Interpolation interpolation) {
    double[] exact = new double[end - first];
    double inverse = 1 / widening;
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = at((i + first - centre + 0.5) * inverse, interpolation);
      sum += exact[i];
    }
    int[] rounded = new int[exact.length];
    for (int i = 0; i < exact.length; i++) {
      double scaled = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << BITS);
      rounded[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return rounded;
  }

  private static double support(Interpolation interpolation) {
    return interpolation == Interpolation.BILINEAR ? 1 : 2;
  }

  private static double at(double distance, Interpolation interpolation) {
    double x = Math.abs(distance);
    if (interpolation == Interpolation.BILINEAR) {
      return x < 1 ? 1 - x : 0;
    }
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  /** The first input pixel of an output pixel. */
  int first(int output) {
    return first[output];
  }

  /** The weights of the input pixels from the first on. */
  int[] weights(int output) {
    return weights[output];
  }

  /** The first input pixel that any output pixel needs. */
  int start() {
    return first[0];
  }

  /** The input pixel behind the last that any output pixel needs. */
  int end() {
    int last = first.length - 1;
    return first[last] + weights[last].length;
  }

  /** How many output pixels there are. */
  int outputs() {
    return first.length;
  }

  /** The most input pixels that an output pixel needs. */
  int most() {
    return Arrays.stream(weights).mapToInt(of -> of.length).max().orElseThrow();
  }

  /**
   * A sum of weighted bytes, as a byte's value. Loops of it become vector instructions, which those
   * of {@code Math.min} and {@code Math.max} do not.
   */
  static int rounded(int sum) {
    int above = 255 - notNegative((sum + HALF) >> BITS);
    return 255 - notNegative(above);
  }

  private static int notNegative(int value) {
    return value & ~(value >> 31);
  }
}
