package io.github.resnetensembles.testkit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Arrays of values: drawn, combined, compared with messages that say where they differ. */
final class Values {
  private Values() {}

  /** Draws values that float32 holds exactly. */
  static double[] random(long seed, int length) {
    Random random = new Random(seed);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static float[] randomPixels(long seed, int length) {
    double[] values = random(seed, length);
    float[] pixels = new float[length];
    for (int i = 0; i < length; i++) {
      pixels[i] = (float) values[i];
    }
    return pixels;
  }

  static double[] scaled(double gain, double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = gain * values[i];
    }
    return result;
  }

  static double[] sum(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[i] + b[i];
    }
    return result;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] repeated(double[] values, int times) {
    double[] result = new double[values.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(values, 0, result, i * values.length, values.length);
    }
    return result;
  }

  /** The values of one image of a batch. */
  static double[] image(double[] values, int images, int n) {
    int size = values.length / images;
    return Arrays.copyOfRange(values, n * size, (n + 1) * size);
  }

  static boolean allFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /** Compares to a tolerance relative to the largest expected value; NaN equals NaN. */
  static void assertClose(String what, double[] actual, double[] expected, double tolerance) {
    assertLength(what, actual, expected);
    double scale = 1;
    for (double value : expected) {
      if (Double.isFinite(value)) {
        scale = Math.max(scale, Math.abs(value));
      }
    }
    int worst = -1;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = difference(actual[i], expected[i]);
      if (difference > largest) {
        largest = difference;
        worst = i;
      }
    }
    if (largest > tolerance * scale) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s: value %d is %s, expected %s; the largest difference %.3g exceeds %.3g",
              what,
              worst,
              actual[worst],
              expected[worst],
              largest,
              tolerance * scale));
    }
  }

  /** Compares exactly; NaN equals NaN, and zero equals negative zero. */
  static void assertExact(String what, double[] actual, double[] expected) {
    assertLength(what, actual, expected);
    for (int i = 0; i < expected.length; i++) {
      if (difference(actual[i], expected[i]) > 0) {
        throw new AssertionError(
            what + ": value " + i + " is " + actual[i] + ", expected exactly " + expected[i]);
      }
    }
  }

  static void assertSameBits(String what, double[] actual, double[] expected) {
    assertLength(what, actual, expected);
    for (int i = 0; i < expected.length; i++) {
      if (Double.doubleToLongBits(actual[i]) != Double.doubleToLongBits(expected[i])) {
        throw new AssertionError(
            what + ": value " + i + " is " + actual[i] + ", was " + expected[i]);
      }
    }
  }

  /**
   * Accepts that non-finite values spread further, as in fast convolutions, but not that they end.
   */
  static void assertStaysNonFinite(String what, double[] actual, double[] expected) {
    assertLength(what, actual, expected);
    for (int i = 0; i < expected.length; i++) {
      if (Double.isFinite(actual[i]) && !Double.isFinite(expected[i])) {
        throw new AssertionError(
            what
                + ": value "
                + i
                + " became the finite "
                + actual[i]
                + ", expected "
                + expected[i]);
      }
    }
  }

  private static void assertLength(String what, double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(
          what + ": there are " + actual.length + " values, expected " + expected.length);
    }
  }

  private static double difference(double actual, double expected) {
    if (actual == expected || (Double.isNaN(actual) && Double.isNaN(expected))) {
      return 0;
    }
    double difference = Math.abs(actual - expected);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }
}
