package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;

/**
 * Names the images that a mean is taken over, or that resampling draws its donors from: a range of
 * one data set.
 *
 * @param sha256 the data set's hash, as {@link ImageSet#sha256()} gives it: 64 lower-case hex
 *     digits
 * @param offset the first record, from 0
 * @param count the number of records, at least 1
 */
public record ReferenceSet(String sha256, int offset, int count) {
  /**
   * Checks the components.
   *
   * @param sha256 the data set's hash
   * @param offset the first record
   * @param count the number of records
   * @throws IllegalArgumentException if one is out of range
   */
  public ReferenceSet {
    Require.present("sha256", sha256);
    Require.between(1, Integer.MAX_VALUE - (long) offset, "count", count);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new InvalidInputException(
          "a reference set names its data by 64 lower-case hex digits, got '%s'"
              .formatted(Names.shorten(sha256)));
    }
    if (offset < 0 || count < 1) {
      throw new InvalidInputException(
          ("a reference set has an offset from 0 and at least one record, got offset %s,"
                  + " count %s")
              .formatted(offset, count));
    }
  }

  /**
   * Names a set of images.
   *
   * @param images the images
   * @return their name
   * @throws InvalidImagesException if an image set of your own contradicts itself
   * @throws RunInterruptedException as {@link ImageSet#sha256()} does
   */
  public static ReferenceSet of(ImageSet images) {
    ImageSet checked = CheckedImages.of(images);
    return new ReferenceSet(checked.sha256(), checked.offset(), checked.size());
  }
}
