package io.github.resnetensembles.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What the components of records must be; complaints name component, rule and value. */
public final class Require {
  private Require() {}

  public static void present(String what, @Nullable Object value) {
    if (value == null) {
      throw new NullPointerException(what + " must not be null");
    }
  }

  public static void notEmpty(String what, Collection<?> items) {
    if (items.isEmpty()) {
      throw new RefusedValueException(what + " must not be empty");
    }
  }

  /** The level of a confidence interval. */
  public static void level(double level) {
    if (!(level > 0 && level < 1)) {
      throw new RefusedValueException(
          "a confidence level lies between 0 and 1, such as 0.95, got " + level);
    }
  }

  public static void atLeast(long least, String what, long value) {
    if (value < least) {
      throw new RefusedValueException(what + " must be at least " + least + ", got " + value);
    }
  }

  /** A count in a range, ends included. */
  public static void between(long from, long to, String what, long value) {
    if (value < from || value > to) {
      throw new RefusedValueException(
          what + " must lie in [" + from + ", " + to + "], got " + value);
    }
  }

  /** A number in a range, ends included. */
  public static void between(double from, double to, String what, double value) {
    if (!(value >= from && value <= to)) {
      throw new RefusedValueException(
          what + " must lie in [" + from + ", " + to + "], got " + value);
    }
  }

  /** A share, a probability or an error rate. */
  public static void share(String what, double value) {
    between(0, 1, what, value);
  }

  public static void finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new RefusedValueException(what + " must be finite, got " + value);
    }
  }

  public static void finiteAtLeastZero(String what, double value) {
    finite(what, value);
    notNegative(what, value);
  }

  /** A measured size, which may be NaN or infinite where a network's numbers are. */
  public static void notNegative(String what, double value) {
    if (value < 0) {
      throw new RefusedValueException(what + " must not be negative, got " + value);
    }
  }

  public static void sha256(String what, String hash) {
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new RefusedValueException(
          what + " must be a SHA-256, 64 lower-case hex digits, got '" + Names.shorten(hash) + "'");
    }
  }
}
