package io.github.resnetensembles.path;

import java.math.BigInteger;

/** Quotients of big integers as doubles, whatever their size. */
final class Ratios {
  private static final double LN_2 = Math.log(2);

  /** How many leading bits are divided: more than a double has. */
  private static final int BITS = 64;

  private Ratios() {}

  /** {@code a / b} for a ≥ 0 and b > 0, to about one unit in the last place; 0 if it underflows. */
  static double of(BigInteger a, BigInteger b) {
    return Math.scalb(leading(a) / leading(b), exponent(a) - exponent(b));
  }

  /** {@code log(a / b)}, without underflow. */
  static double log(BigInteger a, BigInteger b) {
    return Math.log(leading(a) / leading(b)) + (exponent(a) - exponent(b)) * LN_2;
  }

  private static int exponent(BigInteger value) {
    return value.bitLength() - BITS;
  }

  private static double leading(BigInteger value) {
    return value.shiftRight(exponent(value)).doubleValue();
  }
}
