package io.github.resnetensembles.path;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.github.resnetensembles.internal.io.Interrupts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;

/**
 * The product of the polynomials {@code skips + branches · x^w} of all steps: its coefficient of
 * x^k counts the paths of length k. Equal steps are multiplied by the binomial theorem.
 */
final class LengthPolynomial {
  private static final Interrupts INTERRUPTS = Interrupts.during("paths were counted");

  private record Factor(int skips, int branches, int width) {}

  private LengthPolynomial() {}

  /** The coefficients, from x^0, the last not 0; none at all if there is no path. */
  static BigInteger[] of(List<PathStep> steps, ToIntFunction<PathStep> width) {
    Multiset<Factor> factors = HashMultiset.create();
    for (PathStep step : steps) {
      factors.add(
          new Factor(
              step.skips(), step.branches(), step.branches() == 0 ? 0 : width.applyAsInt(step)));
    }
    if (factors.elementSet().stream().anyMatch(f -> f.skips() == 0 && f.branches() == 0)) {
      return new BigInteger[0];
    }
    PriorityQueue<BigInteger[]> products =
        new PriorityQueue<>(Comparator.comparingInt(coefficients -> coefficients.length));
    products.add(new BigInteger[] {BigInteger.ONE});
    factors.entrySet().forEach(entry -> products.add(power(entry.getElement(), entry.getCount())));
    while (products.size() > 1) {
      INTERRUPTS.check();
      products.add(product(products.remove(), products.remove()));
    }
    return products.remove();
  }

  private static BigInteger[] power(Factor factor, int exponent) {
    if (factor.branches() == 0) {
      return new BigInteger[] {BigInteger.ONE};
    }
    BigInteger[] result = new BigInteger[exponent * factor.width() + 1];
    Arrays.fill(result, BigInteger.ZERO);
    if (factor.skips() == 0) {
      result[result.length - 1] = BigInteger.valueOf(factor.branches()).pow(exponent);
      return result;
    }
    BigInteger coefficient = BigInteger.ONE;
    for (int j = 0; j <= exponent; j++) {
      result[j * factor.width()] = coefficient;
      coefficient =
          coefficient
              .multiply(BigInteger.valueOf((long) (exponent - j) * factor.branches()))
              .divide(BigInteger.valueOf(j + 1));
    }
    return result;
  }

  /**
   * Kronecker substitution: with coefficients laid side by side in two big integers, far enough
   * apart, one multiplication is the product of the polynomials, at the speed of Toom and Cook.
   */
  private static BigInteger[] product(BigInteger[] a, BigInteger[] b) {
    int bits = widest(a) + widest(b) + Integer.SIZE;
    int slot = (bits + Byte.SIZE - 1) / Byte.SIZE;
    byte[] packed = pack(a, slot).multiply(pack(b, slot)).toByteArray();
    List<BigInteger> result = new ArrayList<>();
    for (int i = 0; i < a.length + b.length - 1; i++) {
      int to = packed.length - i * slot;
      int from = Math.max(0, to - slot);
      result.add(new BigInteger(1, packed, from, to - from));
    }
    return result.toArray(new BigInteger[0]);
  }

  private static int widest(BigInteger[] coefficients) {
    return Arrays.stream(coefficients).mapToInt(BigInteger::bitLength).max().orElse(0);
  }

  private static BigInteger pack(BigInteger[] coefficients, int slot) {
    byte[] packed = new byte[coefficients.length * slot];
    for (int i = 0; i < coefficients.length; i++) {
      byte[] bytes = coefficients[i].toByteArray();
      int to = packed.length - i * slot;
      System.arraycopy(bytes, 0, packed, to - bytes.length, bytes.length);
    }
    return new BigInteger(1, packed);
  }
}
