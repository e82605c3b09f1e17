package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Generators;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.jspecify.annotations.Nullable;

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
   * Opens images and labels in NumPy's arrays ({@code .npy}), which are held in memory.
   *
   * @param images of uint8, (N, H, W), (N, H, W, C) or (N, C, H, W), with 1 or 3 channels, as the
   *     shape tells
   * @param labels of integers from 0, (N) or (N, 1)
   * @return all records; there is one class more than the largest label, and at least 2
   * @throws InvalidImagesException if a file is damaged, of another type or shape, does not fit the
   *     other, or has more than 2 GB
   * @throws FileAccessException as for {@link #cifar10}
   */
  static ImageSet arrays(Path images, Path labels) {
    return SourceImages.all(ArrayFiles.open(images, labels));
  }

  /**
   * Opens images without labels in NumPy's arrays, which are held in memory: an array ({@code
   * .npy}), or an archive ({@code .npz}) with {@code images}, or {@code test_images} and so on.
   *
   * @param file as of {@link #arrays}
   * @param split which array of an archive that has several
   * @param classes of the network that shall see them, at least 2
   * @return the images, which {@linkplain ImageSet#hasLabels() have no labels}
   * @throws InvalidImagesException as {@link #arrays}, or if there are fewer than 2 classes
   * @throws FileAccessException as for {@link #cifar10}
   */
  static ImageSet unlabelledArrays(Path file, Split split, int classes) {
    return SourceImages.all(ArrayFiles.openUnlabelled(file, split, classes));
  }

  /**
   * Opens a file or directory after recognising its format: a CIFAR-10, CIFAR-100 or idx file
   * (whose label or image file stands beside it under the customary name), an archive of NumPy's
   * arrays ({@code .npz}) with {@code images} and {@code labels}, or {@code test_images} and so on
   * as MedMNIST has them, or a directory that holds the customary files.
   *
   * @param path the file or directory
   * @param split which files of a directory, or arrays of an archive; another file is taken as it
   *     is
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
   * Opens a folder of JPEG and PNG files with ImageNet's usual settings: as {@link #folder(Path,
   * FolderOptions)} with {@link FolderOptions#imageNet()}.
   *
   * @param path with a folder for each class
   * @return the images, 224x224 RGB
   * @throws InvalidImagesException as there
   * @throws FileAccessException as there
   * @throws RunInterruptedException as there
   */
  static ImageSet folder(Path path) {
    return folder(path, FolderOptions.imageNet());
  }

  /**
   * Opens a folder of JPEG and PNG files: a folder for each class, or all images in one folder (and
   * those below it) with a file of labels. Files of other kinds are left out, but pictures in
   * formats that are not read are refused; hidden files and folders are left out. Classes are in
   * the order of their names, unless a file has them, and records in the order of their sorted
   * paths in each.
   *
   * <p>Opening lists the folder. Images are decoded as they are read, ahead of it on threads of
   * their own, so that any number of them takes no more memory than their names and labels. Pixels
   * are those of Pillow and torchvision: {@code Image.convert("RGB")}, {@code Resize(n)}, {@code
   * CenterCrop(n)}, {@code ToTensor()}. Colour profiles, gamma and the camera's orientation are not
   * looked at; transparency is dropped.
   *
   * <p>The hash is one of paths, labels, sizes in bytes and settings, not of the files' contents:
   * these are checked as they are read (checksums, decoders).
   *
   * @param path the folder
   * @param options how it is read
   * @return the images; {@link ImageSet#batch} throws an {@link InvalidImagesException} at a
   *     damaged file, unless such files are skipped
   * @throws InvalidInputException if the square is larger than what the short side becomes
   * @throws InvalidImagesException if there are no images, fewer than 2 classes, a class without
   *     images, or files of labels or classes that do not fit
   * @throws FileAccessException if something cannot be read
   * @throws RunInterruptedException if the thread is interrupted
   */
  static ImageSet folder(Path path, FolderOptions options) {
    return FolderImages.open(path, options);
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
   * Images that a function gives, one at a time as they are read: generated ones, or of a format
   * that this library does not read. What it gives is checked.
   *
   * @param identity what tells these images from others: it stands in results as the name of the
   *     data set, and the set's hash is one of it, the shape and the labels, since the pixels are
   *     not known before they are read
   * @param shape of one image
   * @param labels from 0, one for each record; copied
   * @param classes the number of classes, at least 2
   * @param pixels of a record, from 0: (C, H, W), what {@link ImageBatch#pixels()} will give:
   *     x/255, finite. Called on several threads at once, again when a record is read again, and
   *     must then give the same; the array is copied
   * @return a data set; {@link ImageSet#batch} throws an {@link InvalidImagesException} where the
   *     function gives other than that, and passes on what it throws
   * @throws InvalidImagesException if the identity is blank or a label is out of range
   */
  static ImageSet of(
      String identity,
      FeatureShape shape,
      int[] labels,
      int classes,
      IntFunction<float @Nullable []> pixels) {
    return FunctionImages.of(identity, shape, labels, classes, pixels);
  }

  /**
   * All images of a set in an order that is drawn, as a data set of its own with a hash of its own:
   * its first images are of all classes.
   *
   * @param images in any order
   * @param seed of the draw
   * @return the same images; record numbers are those of the new order
   */
  static ImageSet shuffled(ImageSet images, long seed) {
    int[] order = PermutationSampler.natural(images.size());
    PermutationSampler.shuffle(Generators.of(seed, "shuffled images", 0, 0), order);
    return checked(images).subset(order);
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
