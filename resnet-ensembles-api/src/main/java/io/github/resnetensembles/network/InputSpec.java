package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import java.util.List;

/**
 * What a network expects as its input: images of bytes, zero-padded, scaled to x/255 and then
 * normalised per channel as (x - mean) / std, in float32.
 *
 * @param channels 1 or 3
 * @param height the image's height before padding, in pixels
 * @param width the image's width before padding, in pixels
 * @param padding black pixels added on each of the four sides, before normalisation (2 makes an
 *     MNIST digit 32x32)
 * @param mean per channel, of x/255
 * @param std per channel, of x/255, positive
 */
public record InputSpec(
    int channels, int height, int width, int padding, List<Double> mean, List<Double> std) {
  /**
   * Copies the lists and checks the ranges.
   *
   * @param channels 1 or 3
   * @param height the image's height before padding
   * @param width the image's width before padding
   * @param padding black pixels added on each of the four sides
   * @param mean per channel
   * @param std per channel
   * @throws IllegalArgumentException if a size is out of range, a list's length is not {@code
   *     channels}, or a value is not finite or a std not positive
   */
  public InputSpec {
    if (channels != 1 && channels != 3) {
      throw new InvalidInputException("an input has 1 or 3 channels, got " + channels);
    }
    if (height < 1 || width < 1 || height > 4096 || width > 4096 || padding < 0 || padding > 512) {
      throw new InvalidInputException(
          ("an input is 1 to 4096 pixels high and wide, padded by 0 to 512, got %sx%s"
                  + " padded by %s")
              .formatted(height, width, padding));
    }
    mean = Numbers.unsignedZeros(mean);
    std = List.copyOf(std);
    if (mean.size() != channels || std.size() != channels) {
      throw new InvalidInputException(
          "mean and std need one value for each of the %s channels, got %s and %s"
              .formatted(channels, mean.size(), std.size()));
    }
    for (int c = 0; c < channels; c++) {
      if (!Double.isFinite(mean.get(c)) || !Double.isFinite(std.get(c)) || std.get(c) <= 0) {
        throw new InvalidInputException(
            "mean must be finite and std finite and positive, got mean " + mean + ", std " + std);
      }
    }
  }

  /** {@return the shape that the stem sees: (channels, height + 2·padding, width + 2·padding)} */
  public FeatureShape paddedShape() {
    return new FeatureShape(channels, height + 2 * padding, width + 2 * padding);
  }

  /**
   * Returns this input with another size and no padding.
   *
   * @param size the images' height and width
   * @return the changed copy
   * @throws IllegalArgumentException if the size is out of range
   */
  public InputSpec withSize(int size) {
    return size == height && size == width
        ? this
        : new InputSpec(channels, size, size, 0, mean, std);
  }

  /**
   * Returns this input with another normalisation.
   *
   * @param mean per channel, of x/255
   * @param std per channel, of x/255, positive
   * @return the changed copy
   */
  public InputSpec withNormalisation(List<Double> mean, List<Double> std) {
    return new InputSpec(channels, height, width, padding, mean, std);
  }
}
