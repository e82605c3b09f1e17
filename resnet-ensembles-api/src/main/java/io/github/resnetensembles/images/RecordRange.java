package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.JsonForm;

/**
 * Consecutive records of a data set.
 *
 * @param from the first, from 0
 * @param end the record after the last, above {@code from}
 */
@JsonForm(array = true)
public record RecordRange(int from, int end) {
  /**
   * Checks the ends.
   *
   * @param from the first
   * @param end the record after the last
   * @throws IllegalArgumentException if the range is empty or begins below 0
   */
  public RecordRange {
    if (from < 0 || end <= from) {
      throw new InvalidInputException(
          "a range of records begins at 0 or above and is not empty, got " + from + " to " + end);
    }
  }

  /**
   * The records of a set of images.
   *
   * @param images the images
   * @return their numbers in their data set
   * @throws InvalidImagesException if an image set of your own contradicts itself
   */
  public static RecordRange of(ImageSet images) {
    ImageSet checked = CheckedImages.of(images);
    return new RecordRange(checked.offset(), checked.offset() + checked.size());
  }

  @Override
  public String toString() {
    return "[" + from + ", " + end + ")";
  }
}
