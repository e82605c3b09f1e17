package io.github.resnetensembles;

/**
 * The shape of one image's features: (C, H, W).
 *
 * @param channels C, at least 1
 * @param height H, at least 1
 * @param width W, at least 1
 */
public record FeatureShape(int channels, int height, int width) {
  /**
   * Checks the ranges.
   *
   * @param channels C
   * @param height H
   * @param width W
   * @throws IllegalArgumentException if a component is below 1, or C·H·W exceeds 2^31 - 1
   */
  public FeatureShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new InvalidInputException(
          "a shape needs positive sizes, got (" + channels + ", " + height + ", " + width + ")");
    }
    if ((long) channels * height > Integer.MAX_VALUE / width) {
      throw new InvalidInputException(
          "a shape of (" + channels + ", " + height + ", " + width + ") has too many values");
    }
  }

  /** {@return the number of values, C·H·W} */
  public int size() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return "(" + channels + ", " + height + ", " + width + ")";
  }
}
