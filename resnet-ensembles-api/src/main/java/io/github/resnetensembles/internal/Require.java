package io.github.resnetensembles.internal;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the components of records must be; complaints name component, rule and value. Numbers come
 * back with 0 in place of minus 0.
 */
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
  @CanIgnoreReturnValue
  public static double share(String what, double value) {
    between(0, 1, what, value);
    return Numbers.unsignedZero(value);
  }

  @CanIgnoreReturnValue
  public static double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new RefusedValueException(what + " must be finite, got " + value);
    }
    return Numbers.unsignedZero(value);
  }

  @CanIgnoreReturnValue
  public static double finiteAtLeastZero(String what, double value) {
    finite(what, value);
    notNegative(what, value);
    return Numbers.unsignedZero(value);
  }

  /** A measured size, which may be NaN or infinite where a network's numbers are. */
  @CanIgnoreReturnValue
  public static double notNegative(String what, double value) {
    if (value < 0) {
      throw new RefusedValueException(what + " must not be negative, got " + value);
    }
    return Numbers.unsignedZero(value);
  }

  /** A measured size, if there is one. */
  public static OptionalDouble notNegative(String what, OptionalDouble value) {
    present(what, value);
    value.ifPresent(number -> notNegative(what, number));
    return Numbers.unsignedZero(value);
  }

  public static void sha256(String what, String hash) {
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new RefusedValueException(
          what + " must be a SHA-256, 64 lower-case hex digits, got '" + Names.shorten(hash) + "'");
    }
  }
}
