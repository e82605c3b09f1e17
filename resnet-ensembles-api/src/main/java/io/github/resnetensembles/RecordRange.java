package io.github.resnetensembles;

/**
 * Consecutive records of a data set.
 *
 * @param from the first, from 0
 * @param to the record after the last, above {@code from}
 */
public record RecordRange(int from, int to) {
  /**
   * Checks the ends.
   *
   * @param from the first
   * @param to the record after the last
   * @throws IllegalArgumentException if the range is empty or begins below 0
   */
  public RecordRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "a range of records begins at 0 or above and is not empty, got " + from + " to " + to);
    }
  }

  /**
   * The records of a set of images.
   *
   * @param images the images
   * @return their numbers in their data set
   */
  public static RecordRange of(ImageSet images) {
    return new RecordRange(images.offset(), images.offset() + images.size());
  }

  @Override
  public String toString() {
    return "[" + from + ", " + to + ")";
  }
}
