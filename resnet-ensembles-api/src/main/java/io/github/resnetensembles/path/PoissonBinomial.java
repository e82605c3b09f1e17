package io.github.resnetensembles.path;

import io.github.resnetensembles.InvalidPathException;
import java.util.stream.IntStream;

/**
 * The number of successes of independent trials. The coefficients of the product of the trials'
 * polynomials are held as {@code mantissa · 2^(UNIT · exponent)}: all terms are positive, so
 * nothing cancels, and with exponents of their own nothing underflows.
 */
final class PoissonBinomial implements PathLengths {
  private static final int UNIT = 512;
  private static final double LARGE = Math.scalb(1.0, UNIT / 2);
  private static final double SMALL = Math.scalb(1.0, -UNIT / 2);
  private static final double UP = Math.scalb(1.0, UNIT);
  private static final double DOWN = Math.scalb(1.0, -UNIT);

  /** A product of this many units below another does not change a sum of doubles. */
  private static final int NEGLIGIBLE = 2;

  private final double[] mantissas;
  private final int[] exponents;
  private final double mean;
  private final double variance;

  private PoissonBinomial(double[] mantissas, int[] exponents, double mean, double variance) {
    this.mantissas = mantissas;
    this.exponents = exponents;
    this.mean = mean;
    this.variance = variance;
  }

  /** Of trials that succeed with {@code factor} times the given probabilities. */
  static PathLengths of(double[] probabilities, double factor) {
    if (probabilities.length > PathEnumerator.MAX_BLOCKS) {
      throw new InvalidPathException(
          String.format(
              "a network has at most %s blocks, got %s probabilities",
              PathEnumerator.MAX_BLOCKS, probabilities.length));
    }
    Scaled product = new Scaled(probabilities.length + 1);
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < probabilities.length; i++) {
      checkSurvival(probabilities[i], i + 1);
      double p = probabilities[i] * factor;
      product.multiply(p, i + 1);
      mean += p;
      variance += p * (1 - p);
    }
    return new PoissonBinomial(product.mantissas, product.exponents, mean, variance);
  }

  static void checkSurvival(double probability, int block) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidPathException(
          "a survival probability is in [0, 1], got %s for block %s".formatted(probability, block));
    }
  }

  /** A polynomial in the making. */
  private static final class Scaled {
    private final double[] mantissas;
    private final int[] exponents;

    Scaled(int size) {
      mantissas = new double[size];
      exponents = new int[size];
      mantissas[0] = 1;
    }

    /** Multiplies by (1 - p) + p x a polynomial that has become one of the given degree. */
    void multiply(double p, int degree) {
      double q = 1 - p;
      // Probabilities down to 2^-1074: brought near 1, as products with a mantissa would underflow.
      int pExponent = 0;
      double pMantissa = p;
      while (pMantissa != 0 && pMantissa < SMALL) {
        pMantissa *= UP;
        pExponent--;
      }
      for (int k = degree; k > 0; k--) {
        add(k, mantissas[k] * q, mantissas[k - 1] * pMantissa, exponents[k - 1] + pExponent);
      }
      add(0, mantissas[0] * q, 0, 0);
    }

    /** Coefficient k becomes the sum of a term with its own exponent and one with another. */
    private void add(int k, double own, double other, int otherExponent) {
      double sum;
      int exponent;
      if (own == 0) {
        sum = other;
        exponent = otherExponent;
      } else if (other == 0 || exponents[k] - otherExponent >= NEGLIGIBLE) {
        sum = own;
        exponent = exponents[k];
      } else if (otherExponent - exponents[k] >= NEGLIGIBLE) {
        sum = other;
        exponent = otherExponent;
      } else {
        exponent = Math.max(exponents[k], otherExponent);
        sum =
            own * (exponents[k] < exponent ? DOWN : 1)
                + other * (otherExponent < exponent ? DOWN : 1);
      }
      if (sum != 0 && sum < SMALL) {
        sum *= UP;
        exponent--;
      } else if (sum > LARGE) {
        sum *= DOWN;
        exponent++;
      }
      mantissas[k] = sum;
      exponents[k] = exponent;
    }
  }

  @Override
  public int shortest() {
    int length = 0;
    while (mantissas[length] == 0) {
      length++;
    }
    return length;
  }

  @Override
  public int longest() {
    int length = mantissas.length - 1;
    while (mantissas[length] == 0) {
      length--;
    }
    return length;
  }

  @Override
  public double probability(int from, int to) {
    CountedLengths.checkInterval(from, to);
    int exponent = largestExponent(from, to);
    return Math.min(1, Math.scalb(sum(from, to, exponent), exponent * UNIT));
  }

  @Override
  public double logProbability(int from, int to) {
    CountedLengths.checkInterval(from, to);
    int exponent = largestExponent(from, to);
    return Math.min(0, Math.log(sum(from, to, exponent)) + (double) exponent * UNIT * Math.log(2));
  }

  /** The largest exponent of what is not 0; 0 if everything is. */
  private int largestExponent(int from, int to) {
    return possible(from, to).map(k -> exponents[k]).max().orElse(0);
  }

  /** The sum of coefficients as a mantissa to an exponent that none of them exceeds. */
  private double sum(int from, int to, int exponent) {
    return possible(from, to)
        .filter(k -> exponent - exponents[k] < NEGLIGIBLE)
        .mapToDouble(k -> mantissas[k] * (exponents[k] < exponent ? DOWN : 1))
        .sum();
  }

  private IntStream possible(int from, int to) {
    return IntStream.rangeClosed(Math.max(from, 0), Math.min(to, mantissas.length - 1))
        .filter(k -> mantissas[k] != 0);
  }

  @Override
  public double mean() {
    return mean;
  }

  @Override
  public double variance() {
    return variance;
  }

  @Override
  public int quantile(double probability) {
    CountedLengths.checkProbability(probability);
    int length = shortest();
    int longest = longest();
    double below = probability(length);
    while (below < probability && length < longest) {
      length++;
      below += probability(length);
    }
    return length;
  }

  @Override
  public String toString() {
    return "Poisson-binomial path lengths of " + (mantissas.length - 1) + " blocks, mean " + mean;
  }
}
