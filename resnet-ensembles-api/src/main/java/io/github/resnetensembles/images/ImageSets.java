package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.RunInterruptedException;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens and makes {@linkplain ImageSet image sets}.
 *
 * <p>Implemented by this library alone.
 */
public interface ImageSets {
  /** Which part of a data set. */
  enum Split {
    /** The training images. */
    TRAIN,
    /** The test images. */
    TEST
  }

  /**
   * Opens CIFAR-10 in its binary format: one label byte and 3072 planar RGB bytes a record.
   *
   * @param files one or more, read one after the other
   * @return all their records
   * @throws InvalidImagesException if a file is empty, or not a whole number of records; labels are
   *     checked when their record is read
   * @throws FileAccessException if a file cannot be read: it is missing, a directory, no regular
   *     file, or access is denied
   */
  static ImageSet cifar10(Path... files) {
    return ImageFiles.cifar10(List.of(files));
  }

  /**
   * Opens CIFAR-100 in its binary format: a coarse label byte, a fine label byte and 3072 planar
   * RGB bytes a record. The labels are the fine ones.
   *
   * @param files one or more, read one after the other
   * @return all their records
   * @throws InvalidImagesException as for {@link #cifar10}
   * @throws FileAccessException as for {@link #cifar10}
   */
  static ImageSet cifar100(Path... files) {
    return ImageFiles.cifar100(List.of(files));
  }

  /**
   * Opens MNIST's idx files, raw or gzip (told apart by content).
   *
   * @param images the idx3 file of unsigned bytes
   * @param labels the idx1 file of unsigned bytes
   * @return all records
   * @throws InvalidImagesException if a header is not that of such a file, the counts differ, a
   *     file is shorter or longer than its header says, or a label is above 9
   * @throws FileAccessException as for {@link #cifar10}
   * @throws RunInterruptedException if the thread was interrupted
   */
  static ImageSet mnist(Path images, Path labels) {
    return ImageFiles.mnist(images, labels);
  }

  /**
   * Opens a file or directory after recognising its format: a CIFAR-10, CIFAR-100 or idx file
   * (whose label or image file stands beside it under the customary name), or a directory that
   * holds the customary files.
   *
   * @param path the file or directory
   * @param split which files of a directory; a file is taken as it is
   * @return the images
   * @throws InvalidImagesException if the format is not recognised; the message lists what was
   *     looked for
   * @throws FileAccessException if a file or the directory cannot be read
   * @throws RunInterruptedException if the thread was interrupted while an idx file was read
   */
  static ImageSet open(Path path, Split split) {
    return ImageFiles.open(path, split);
  }

  /**
   * Images from memory.
   *
   * @param shape of one image
   * @param pixels (N, C, H, W), one unsigned byte each; copied
   * @param labels from 0, N of them; copied
   * @param classes the number of classes, at least 2
   * @return a data set
   * @throws InvalidImagesException if the lengths do not fit or a label is out of range
   */
  static ImageSet of(FeatureShape shape, byte[] pixels, int[] labels, int classes) {
    return MemoryImages.of(shape, pixels, labels, classes);
  }

  /**
   * Images from memory, as floats.
   *
   * @param shape of one image
   * @param pixels (N, C, H, W), what {@link ImageBatch#pixels()} will give: x/255, finite; copied
   * @param labels from 0, N of them; copied
   * @param classes the number of classes, at least 2
   * @return a data set
   * @throws InvalidImagesException if the lengths do not fit, a value is not finite, or a label is
   *     out of range
   */
  static ImageSet of(FeatureShape shape, float[] pixels, int[] labels, int classes) {
    return MemoryImages.of(shape, pixels, labels, classes);
  }

  /**
   * An image set that is not believed: what it says of itself is asked once, and each of its
   * batches is checked and copied. Whatever reads images goes through here first.
   *
   * @param images anybody's
   * @return the set itself if it is the library's, else what checks it
   * @throws InvalidImagesException if the set contradicts itself; later, from the methods of the
   *     result, too
   */
  static ImageSet checked(ImageSet images) {
    return CheckedImages.of(images);
  }

  /**
   * A batch that is not believed.
   *
   * @param batch anybody's
   * @param classes the number of classes that its labels may be of
   * @return the batch itself if it is the library's, else a copy; its labels are in range
   * @throws InvalidImagesException if the batch contradicts itself
   */
  static ImageBatch checked(ImageBatch batch, int classes) {
    return CheckedImages.labelled(batch, classes);
  }

  /**
   * The pixels of a batch that is not believed, whatever its labels.
   *
   * @param batch anybody's
   * @return {@link ImageBatch#pixels()}, as many as the batch must have, all finite; not to be
   *     changed
   * @throws InvalidImagesException if there are not as many, or one is not finite
   */
  static float[] checkedPixels(ImageBatch batch) {
    return CheckedImages.pixels(batch);
  }

  /**
   * A batch from memory.
   *
   * @param shape of one image
   * @param pixels (N, C, H, W), as {@link ImageBatch#pixels()} gives them; copied
   * @param labels from 0, N of them; copied
   * @param firstRecord the first image's record number
   * @return the batch
   */
  static ImageBatch batch(FeatureShape shape, float[] pixels, int[] labels, int firstRecord) {
    return new ArrayBatch(shape, pixels.clone(), labels.clone(), firstRecord);
  }

  /**
   * The library's own 10-class test images, generated by seeded code: see {@code
   * docs/built-in-images.md}. 32x32 RGB; 2,000 of them.
   *
   * @return the test split of version 1
   */
  static ImageSet builtIn() {
    return builtIn(Split.TEST);
  }

  /**
   * The library's own 10-class images.
   *
   * @param split 10,000 training or 2,000 test images; no image is in both
   * @return that split of version 1
   */
  static ImageSet builtIn(Split split) {
    return BuiltInImages.of(split);
  }
}
