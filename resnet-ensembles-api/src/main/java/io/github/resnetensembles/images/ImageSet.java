package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.RunInterruptedException;
import java.util.Optional;

/**
 * Labelled images: a range of the records of one data set. Reading is streaming: only the batches
 * asked for are in memory (compressed and generated sets hold their bytes). Immutable and safe to
 * share between threads.
 *
 * <p>Implemented by this library and by whoever has images of another kind; what is implemented
 * elsewhere is checked as it is read.
 */
public interface ImageSet {
  /** {@return what the data set calls itself, for people to read} */
  String name();

  /** {@return the number of images, at least 1} */
  int size();

  /** {@return the first image's record number in its data set, from 0} */
  int offset();

  /** {@return the number of classes; labels lie in [0, classes)} */
  int classes();

  /**
   * {@return whether the images have labels; of those that have none (the library's own sets
   * alone), there are logits and intermediate outputs, and nothing that counts errors}
   */
  default boolean hasLabels() {
    return true;
  }

  /** {@return the shape of one image} */
  FeatureShape shape();

  /**
   * {@return the SHA-256 of the whole data set, 64 lower-case hex digits: of a single file's bytes,
   * or of its files' bytes in order, whatever range this is}
   *
   * @throws FileAccessException if a file cannot be read
   * @throws InvalidImagesException if a file changed since it was opened
   * @throws RunInterruptedException if the thread is interrupted, before or while large data are
   *     read for the first time; asked for again, the hash is computed anew
   */
  String sha256();

  /**
   * {@return the published data set that these images are known to be of, so that published numbers
   * may stand beside theirs. CIFAR-10 is recognised by the labels of {@code test_batch}, {@code
   * data_batch_1} and {@code data_batch_2}, all of them in their original order, in files and in
   * memory; a range is of the same data set, a subset is not. Empty for all others, unless {@link
   * #knownAs} says so}
   *
   * @throws FileAccessException if a file cannot be read
   * @throws InvalidImagesException if a file changed since it was opened
   */
  default Optional<KnownDataset> dataset() {
    return Optional.empty();
  }

  /**
   * Says which published data set these images are of.
   *
   * @param dataset the data set
   * @return the same images, known as that
   * @throws InvalidImagesException if the data set has another number of classes
   */
  default ImageSet knownAs(KnownDataset dataset) {
    return DescribedImages.of(this, dataset);
  }

  /**
   * Says that there are more classes than occur: labels in arrays are numbers, and only the largest
   * is seen.
   *
   * @param classes at least {@link #classes()}
   * @return the same images, with the same labels
   * @throws InvalidImagesException if there are fewer
   */
  default ImageSet amongClasses(int classes) {
    return DescribedImages.of(this, classes);
  }

  /**
   * Reads images.
   *
   * @param from the first, counted from this set's start, from 0
   * @param count how many, at least 1
   * @return the images
   * @throws IndexOutOfBoundsException if there are not that many
   * @throws InvalidImagesException if a record is damaged; the message names file, record and value
   * @throws FileAccessException if a file cannot be read
   */
  ImageBatch batch(int from, int count);

  /**
   * Reads the first images.
   *
   * @param count how many, at least 1
   * @return the images
   * @throws IndexOutOfBoundsException if there are not that many
   */
  default ImageBatch batch(int count) {
    return batch(0, count);
  }

  /**
   * A part of this set; it stays the same data set, with the same hash.
   *
   * @param from the first image, counted from this set's start, from 0
   * @param count how many, at least 1
   * @return the part
   * @throws IndexOutOfBoundsException if there are not that many
   */
  ImageSet range(int from, int count);

  /**
   * The first images.
   *
   * @param count how many at the most, at least 1
   * @return the part, or this set if it is not larger
   */
  default ImageSet limit(int count) {
    return count >= size() ? this : range(0, count);
  }

  /**
   * Chosen images, as a data set of its own with a hash of its own.
   *
   * @param indices counted from this set's start, each at most once, at least one
   * @return the chosen images, in that order
   * @throws IndexOutOfBoundsException if an index is not in this set
   * @throws IllegalArgumentException if an index occurs twice or there is none
   */
  ImageSet subset(int... indices);
}
