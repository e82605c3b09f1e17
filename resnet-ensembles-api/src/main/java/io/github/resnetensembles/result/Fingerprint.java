package io.github.resnetensembles.result;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.io.MappedBy;
import java.util.List;

/**
 * What a network's arithmetic makes of noise: its logits, in the precision used, of {@value
 * #IMAGES} images whose every pixel is drawn evenly from x/255, x from 0 to 255, by fixed seeds, in
 * one batch, block by block. It depends on no study, batch size or number of threads beyond the
 * engine's rounding. Two networks with one hash but different arithmetic, such as Java code in a
 * block that no hash covers, differ here.
 *
 * @param logits laid out ({@value #IMAGES}, classes), at least one class; values may be NaN or
 *     infinite
 */
@MappedBy(FingerprintJson.class)
public record Fingerprint(List<Double> logits) {
  /** The number of noise images: 4. */
  public static final int IMAGES = 4;

  /** A whole network may be as many times as far off as one engine call. */
  private static final double CALLS = 10;

  /**
   * Copies the list.
   *
   * @param logits laid out ({@value #IMAGES}, classes)
   * @throws IllegalArgumentException if there are not equally many for each image, or none
   */
  public Fingerprint {
    logits = Numbers.unsignedZeros(logits);
    if (logits.isEmpty() || logits.size() % IMAGES != 0) {
      throw new InvalidInputException(
          "a fingerprint has the logits of " + IMAGES + " images, got " + logits.size());
    }
  }

  /**
   * Whether two networks computed the same: no logit differs by more than 10 times the {@linkplain
   * Precision#tolerance() tolerance} of the precision, relative to the largest finite logit of
   * both. What is not finite agrees with the same only: NaN with NaN, infinity with infinity.
   *
   * @param other another network's
   * @param precision that both were computed in
   * @return whether they agree; false if the numbers of classes differ
   */
  public boolean agrees(Fingerprint other, Precision precision) {
    if (logits.size() != other.logits.size()) {
      return false;
    }
    double limit = CALLS * precision.tolerance() * Math.max(largest(), other.largest());
    for (int i = 0; i < logits.size(); i++) {
      double a = logits.get(i);
      double b = other.logits.get(i);
      boolean same = Double.compare(a, b) == 0 || Math.abs(a - b) <= limit;
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private double largest() {
    return logits.stream().mapToDouble(Math::abs).filter(Double::isFinite).max().orElse(0);
  }
}
